package import AssayModel
import Synchronization

/// Bounds how many connections are open, to one address and in all, and spaces repeated ones.
package final class Limiter: Sendable {
    private struct Waiter {
        let id: Int
        let address: IPAddress
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var open = 0
        var perAddress: [IPAddress: Int] = [:]
        /// When an address may be dialled again.
        var notBefore: [IPAddress: ContinuousClock.Instant] = [:]
        var waiters: [Waiter] = []
        var nextID = 0
        var cancelled: Set<Int> = []
    }

    private let state = Mutex(State())

    private let perAddress: Int

    /// `perAddress`: connections to one address at a time.
    package init(perAddress: Int = TransportLimits.perAddress) { self.perAddress = perAddress }

    /// Waits for a place; false where the deadline came first or the task was cancelled. Each true needs a `release`.
    /// Without a pace the connection follows an earlier one at once.
    package func acquire(_ address: IPAddress, pace: Duration?, deadline: ContinuousClock.Instant) async -> Bool {
        guard await place(for: address, deadline: deadline) else { return false }
        guard let pace else { return true }
        let start = state.withLock { state -> ContinuousClock.Instant in
            let start = max(.now, state.notBefore[address] ?? .now)
            state.notBefore[address] = start + pace
            if state.notBefore.count > Self.remembered {
                let now = ContinuousClock.now
                state.notBefore = state.notBefore.filter { $0.value > now }
            }
            return start
        }
        guard start < deadline else {
            release(address)
            return false
        }
        if start > .now {
            do { try await Task.sleep(until: start, clock: .continuous) } catch {
                release(address)
                return false
            }
        }
        return true
    }

    package func release(_ address: IPAddress) {
        let next = state.withLock { state -> [CheckedContinuation<Bool, Never>] in
            state.open -= 1
            let left = (state.perAddress[address] ?? 1) - 1
            state.perAddress[address] = left > 0 ? left : nil
            var served: [CheckedContinuation<Bool, Never>] = []
            var index = 0
            while index < state.waiters.count, state.open < TransportLimits.atOnce {
                let waiter = state.waiters[index]
                if admit(waiter.address, &state) {
                    state.waiters.remove(at: index)
                    served.append(waiter.continuation)
                } else {
                    index += 1
                }
            }
            return served
        }
        for continuation in next { continuation.resume(returning: true) }
    }

    private func place(for address: IPAddress, deadline: ContinuousClock.Instant) async -> Bool {
        let id = state.withLock { state -> Int? in
            if admit(address, &state) { return nil }
            state.nextID += 1
            return state.nextID
        }
        guard let id else { return true }
        return await withTaskGroup(of: Bool?.self) { group in
            group.addTask { await self.wait(id, for: address) }
            group.addTask {
                try? await Task.sleep(until: deadline, clock: .continuous)
                return nil
            }
            let first = await group.next() ?? nil
            if first == nil { self.giveUp(id) }
            group.cancelAll()
            var result = first
            // The place may have come at the moment of giving up; then it is taken after all.
            for await late in group where late != nil { result = late }
            return result ?? false
        }
    }

    private func wait(_ id: Int, for address: IPAddress) async -> Bool {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer = state.withLock { state -> Bool? in
                    if state.cancelled.remove(id) != nil { return false }
                    if admit(address, &state) { return true }
                    state.waiters.append(Waiter(id: id, address: address, continuation: continuation))
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            giveUp(id)
        }
    }

    private func giveUp(_ id: Int) {
        let continuation = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            guard let index = state.waiters.firstIndex(where: { $0.id == id }) else {
                state.cancelled.insert(id)
                return nil
            }
            return state.waiters.remove(at: index).continuation
        }
        continuation?.resume(returning: false)
    }

    private func admit(_ address: IPAddress, _ state: inout State) -> Bool {
        let here = state.perAddress[address] ?? 0
        guard state.open < TransportLimits.atOnce, here < perAddress else { return false }
        state.open += 1
        state.perAddress[address] = here + 1
        return true
    }

    private static let remembered = 10_000
}
