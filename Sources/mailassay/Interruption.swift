import AssayKit
@preconcurrency import Dispatch
import Glibc
import Synchronization

/// Ctrl-C ends the scan and keeps the partial report; a second one ends the program.
final class Interruption: Sendable {
    private let cancel = Mutex<(@Sendable () -> Void)?>(nil)
    private let count = Mutex(0)
    private let sources: [any DispatchSourceSignal]

    init() {
        // The default action would end the program before the report is written.
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            return DispatchSource.makeSignalSource(signal: number, queue: .global())
        }
        for source in sources {
            source.setEventHandler { [weak self] in self?.interrupt() }
            source.resume()
        }
    }

    /// The task that an interruption cancels.
    func watch<Success: Sendable, Failure: Error>(_ task: Task<Success, Failure>) {
        cancel.withLock { $0 = { task.cancel() } }
        if count.withLock({ $0 }) > 0 { task.cancel() }
    }

    private func interrupt() {
        let times = count.withLock { count in
            count += 1
            return count
        }
        if times > 1 { exit(ExitStatus.interrupted.rawValue) }
        cancel.withLock { $0 }?()
    }
}
