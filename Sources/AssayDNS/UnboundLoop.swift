import CUnbound
import Dispatch
import Glibc
import Synchronization

/// libunbound on a libevent loop in a thread of its own (howto: the only way that costs nothing over C).
///
/// Unchecked: the C pointers are touched by the loop's thread alone; everything else goes through the mutex.
final class UnboundLoop: @unchecked Sendable {
    typealias Job = @Sendable (UnboundLoop) -> Void

    private let jobs = Mutex<(queue: [Job], isClosed: Bool)>(([], false))
    /// A pipe that ends the loop's sleep.
    private let wakeup: Int32
    private let wakeupEnd: Int32
    fileprivate(set) var context: OpaquePointer?
    private var base: OpaquePointer?
    private var isStopping = false

    /// Creating and finalising contexts in two threads at once crashed 3 of 40 runs (performance.md fact 8).
    private static let creation = Mutex(())

    /// Starts the thread; `configure` runs on it and may refuse.
    init(configure: @escaping @Sendable (OpaquePointer) -> ResolverError?) throws(ResolverError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            throw ResolverError("resolver: no file descriptor: \(String(cString: strerror(errno)))")
        }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        (wakeup, wakeupEnd) = (ends[0], ends[1])
        let start = StartUp()
        let launch = Launch(loop: self, configure: configure, start: start)
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Launch>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, Unmanaged.passRetained(launch).toOpaque())
        guard code == 0 else { throw ResolverError("resolver: no thread: \(String(cString: strerror(code)))") }
        pthread_detach(thread)
        if let error = start.wait() { throw error }
    }

    /// Runs a job on the loop's thread; false once the loop is closed.
    @discardableResult
    func enqueue(_ job: @escaping Job) -> Bool {
        let (accepted, wake) = jobs.withLock { state -> (Bool, Bool) in
            if state.isClosed { return (false, false) }
            state.queue.append(job)
            return (true, state.queue.count == 1)
        }
        if wake { signalLoop() }
        return accepted
    }

    func stop() {
        enqueue { $0.isStopping = true }
    }

    private func signalLoop() {
        var one: UInt8 = 1
        _ = write(wakeupEnd, &one, 1)
    }

    fileprivate func run(_ configure: (OpaquePointer) -> ResolverError?, _ start: StartUp) {
        let failure = Self.creation.withLock { _ -> ResolverError? in
            guard let base = event_base_new(), let context = ub_ctx_create_event(base) else {
                return ResolverError("resolver: libunbound gave no context")
            }
            self.base = base
            self.context = context
            return configure(context)
        }
        guard failure == nil, let base, let context else {
            start.finish(failure ?? ResolverError("resolver: libunbound gave no context"))
            return
        }
        let wake = event_new(
            base, wakeup, Int16(CUNBOUND_READ_PERSIST),
            { descriptor, _, _ in
                var bytes = [UInt8](repeating: 0, count: 64)
                while read(descriptor, &bytes, bytes.count) == bytes.count {}
            }, nil)
        event_add(wake, nil)
        start.finish(nil)
        while !isStopping {
            for job in takeJobs() { job(self) }
            if isStopping { break }
            event_base_loop(base, Int32(CUNBOUND_LOOP_ONCE))
        }
        jobs.withLock { $0.isClosed = true }
        for job in takeJobs() { job(self) }
        event_free(wake)
        Self.creation.withLock { _ in
            self.context = nil
            ub_ctx_delete(context)
        }
        event_base_free(base)
        close(wakeup)
        close(wakeupEnd)
    }

    private func takeJobs() -> [Job] {
        jobs.withLock { state in
            defer { state.queue = [] }
            return state.queue
        }
    }
}

/// What the new thread is handed.
private final class Launch: Sendable {
    let loop: UnboundLoop
    let configure: @Sendable (OpaquePointer) -> ResolverError?
    let start: StartUp

    init(loop: UnboundLoop, configure: @escaping @Sendable (OpaquePointer) -> ResolverError?, start: StartUp) {
        self.loop = loop
        self.configure = configure
        self.start = start
    }

    func run() { loop.run(configure, start) }
}

/// Hands the thread's first word back to its maker.
private final class StartUp: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private let error = Mutex<ResolverError?>(nil)

    func finish(_ failure: ResolverError?) {
        error.withLock { $0 = failure }
        semaphore.signal()
    }

    func wait() -> ResolverError? {
        semaphore.wait()
        return error.withLock { $0 }
    }
}
