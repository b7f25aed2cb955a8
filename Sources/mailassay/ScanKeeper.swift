import AssayKit
import AssayModel
import AssayReports

/// Keeps finished scans where `--store` asks for it. What is wrong with the store is said once, never hides a result, and
/// gives the exit status 2 where nothing worse does.
final class ScanKeeper {
    let history: ScanHistory?
    private(set) var hasFailed = false

    /// nil without `--store`. Opened before the scan, which asks it for the past.
    init?(_ options: StoreOptionGroup) {
        guard let path = options.store else { return nil }
        do {
            history = try ScanHistory(path)
        } catch {
            history = nil
            fail(error)
        }
    }

    /// What was before; a store that cannot say leaves it out, and is said to.
    func past(of report: Report) -> ReportPast {
        guard let history else { return ReportPast() }
        do { return try history.past(of: report) } catch {
            fail(error)
            return ReportPast()
        }
    }

    /// When this returns without a word, the scan is safe.
    func keep(_ report: Report) {
        guard let history else { return }
        do { try history.keep(report) } catch { fail(error) }
    }

    private func fail(_ error: AuditError) {
        hasFailed = true
        Console.error("mailassay: not stored: \(error)")
    }
}
