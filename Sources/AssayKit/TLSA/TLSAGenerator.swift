package import AssayCrypto
import AssayDNS
package import AssayModel
import AssayProbes
import DANE

/// TLSA records for a certificate, a key, a request, or for what a host shows now.
package struct TLSAGenerator: Sendable {
    package enum Format: String, Sendable, CaseIterable {
        case zone, nsupdate, json
    }

    package struct Parameters: Sendable {
        package var usage: UInt8 = 3
        package var selector: UInt8 = 1
        package var matching: UInt8 = 1
        package var port: UInt16 = 25
        /// Seconds.
        package var ttl = 3600
        package init() {}
    }

    /// One record, and what it was made of.
    package struct Item: Sendable, Hashable {
        package let record: TLSARecord
        package let source: String
    }

    /// The owner name without the root's dot; nil where nobody said for which host.
    package let host: DomainName?
    package let parameters: Parameters
    package let items: [Item]

    package init(host: DomainName?, parameters: Parameters, items: [Item]) {
        self.host = host
        self.parameters = parameters
        self.items = items
    }

    /// `mx`: for which host; without it the only name of the certificate.
    package static func file(
        _ material: KeyMaterial, path: String, mx: DomainName?, parameters: Parameters
    ) throws(AuditError) -> TLSAGenerator {
        let record: TLSARecord
        do {
            record = try material.record(
                usage: parameters.usage, selector: parameters.selector, matching: parameters.matching)
        } catch {
            throw AuditError("\(path): \(error)")
        }
        let names = Self.names(material)
        return TLSAGenerator(
            host: mx ?? (names.count == 1 ? names.first : nil), parameters: parameters,
            items: [Item(record: record, source: "\(material.kind.rawValue) in \(path)")])
    }

    /// Host names of the leaf, without wildcards.
    package static func names(_ material: KeyMaterial) -> [DomainName] {
        guard let leaf = material.certificates.first.flatMap({ Certificate(der: $0) }) else { return [] }
        return leaf.dnsNames.compactMap { DomainName($0) }.filter { $0.hostNameFault == nil }
    }

    /// One record for each key that the host shows at any of its addresses.
    package static func live(_ bench: TLSAWorkbench, parameters: Parameters) async throws -> TLSAGenerator {
        let plan = await bench.look()
        var items: [Item] = []
        var silent: [String] = []
        for shown in await bench.certificates(of: plan) {
            guard let chain = shown.chain else {
                silent.append("\(shown.address): \(shown.words ?? "")")
                continue
            }
            let material: KeyMaterial
            do {
                material = try KeyMaterial(presented: chain)
                let record = try material.record(
                    usage: parameters.usage, selector: parameters.selector, matching: parameters.matching)
                let key = chain.certificate(at: 0)?.key.kind.rawValue ?? "unknown"
                if !items.contains(where: { $0.record == record }) {
                    items.append(Item(record: record, source: "\(key) key at \(shown.address)"))
                }
            } catch {
                throw UndeterminedError("\(bench.host) [\(shown.address)] shows \(error)")
            }
        }
        guard !items.isEmpty else {
            let addresses = [plan.host.ipv4, plan.host.ipv6].map { "\($0.type.mnemonic) \($0.statusWords)" }
            let why =
                silent.isEmpty ? "no address (\(addresses.joined(separator: ", ")))" : silent.joined(separator: "; ")
            throw UndeterminedError("\(bench.host) shows no certificate: \(why)")
        }
        return TLSAGenerator(host: bench.host, parameters: parameters, items: items)
    }

    // MARK: Printing

    private var owner: String {
        "_\(parameters.port)._tcp" + (host.map { ".\($0)." } ?? "")
    }

    /// nsupdate wants whole names.
    package func text(_ format: Format) throws(AuditError) -> String {
        switch format {
        case .zone:
            return items.map { "\(owner) \(parameters.ttl) IN TLSA \($0.record)\n" }.joined()
        case .nsupdate:
            guard host != nil else { throw AuditError("--format nsupdate needs --mx NAME") }
            return items.map { "update add \(owner) \(parameters.ttl) IN TLSA \($0.record)\n" }.joined() + "send\n"
        case .json:
            return JSONText.of(
                TLSADocument.Generated(
                    schema: "mailassay.tlsa/1", owner: owner, ttl: parameters.ttl,
                    records: items.map { .init($0.record, source: $0.source) }))
        }
    }
}
