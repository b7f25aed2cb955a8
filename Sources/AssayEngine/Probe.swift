/// A question to the network, answered at most once per scan.
///
/// A failure is evidence too, so `run` never throws. Codable, so that a scan can be recorded and replayed; the value
/// holds all that changes the answer (address, port, server name, EHLO name).
package protocol Probe<Evidence>: Hashable, Codable, Sendable {
    associatedtype Evidence: Codable & Sendable

    /// Asks. Called once for all who want to know; must end by the scan's deadline.
    func run(in scan: ScanContext) async -> Evidence
}
