import Synchronization

/// A table of the outside world, read when somebody first looks: a service for checkers, which cannot read rule files.
package final class LazyTable<Table: Sendable>: Sendable {
    private let read: @Sendable () -> Table
    private let known = Mutex<Table?>(nil)

    package init(_ read: @escaping @Sendable () -> Table) {
        self.read = read
    }

    package var value: Table {
        known.withLock { known in
            if let known { return known }
            let table = read()
            known = table
            return table
        }
    }
}
