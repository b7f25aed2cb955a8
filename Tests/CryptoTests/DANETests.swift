import AssayCrypto
import AssayModel
import Foundation
@testable import LabKit
import Testing

/// SplitMix64: the same pairs on every run.
struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

@Suite struct DANETests {
    private let maker = CertificateMaker()
    private let now = Timestamp(secondsSince1970: Int64(Date().timeIntervalSince1970))
    private let names = ["mx.example.com", "example.com"].compactMap { DomainName($0) }

    /// Leaf, then what the server sends behind it.
    private func chains() -> [PresentedChain] {
        let (root, middle, stranger) = (maker.authority, maker.intermediate, maker.unknown)
        let specs: [CertificateSpec] = [
            CertificateSpec(), CertificateSpec(issuer: .intermediate), CertificateSpec(issuer: .unknown),
            CertificateSpec(issuer: .itself), CertificateSpec(issuer: .intermediate, from: -100, to: -2),
            CertificateSpec(from: -100, to: -2), CertificateSpec(issuer: .intermediate, from: 3, to: 90),
            CertificateSpec(names: ["other.example"], issuer: .intermediate), CertificateSpec(names: ["other.example"]),
            CertificateSpec(names: ["example.com"], issuer: .intermediate), CertificateSpec(names: ["*.example.com"]),
            CertificateSpec(names: ["*.com"]), CertificateSpec(names: []), CertificateSpec(usage: "clientAuth"),
            CertificateSpec(issuer: .intermediate, usage: "clientAuth"),
            CertificateSpec(names: ["other.example"], from: -100, to: -2),
            CertificateSpec(key: .rsa(2048), issuer: .intermediate),
        ]
        return specs.flatMap { spec -> [PresentedChain] in
            let leaf = maker.identity(for: "mx.example.com", spec).certificate
            return [
                [leaf], [leaf, middle.certificate], [leaf, middle.certificate, root.certificate],
                [leaf, root.certificate], [leaf, root.certificate, middle.certificate], [leaf, stranger.certificate],
            ].map { certificates in
                let ders = certificates.map(CertificateMaker.der)
                return PresentedChain(certificates: ders, count: ders.count)
            }
        }
    }

    private func record(of elements: [CertificateOctets], _ random: inout Generator) -> TLSARecord {
        let usages: [UInt8] = [0, 1, 2, 2, 2, 2, 3, 3, 3, 4]
        let usage = usages.randomElement(using: &random) ?? 3
        let selector = UInt8.random(in: 0...1, using: &random)
        let matching = UInt8.random(in: 0...2, using: &random)
        // The leaf's data fits DANE-EE, the others' DANE-TA; now and then the other way round.
        let isCrossed = Int.random(in: 0..<6, using: &random) == 0
        let above = elements.indices.filter { $0 > 0 || elements.count == 1 }
        let index: Int = (usage == 3) != isCrossed ? 0 : (above.randomElement(using: &random) ?? 0)
        var data = TLSARecord.association(elements[index], selector: selector, matching: matching) ?? []
        switch Int.random(in: 0..<12, using: &random) {
        case 0, 1:
            let place = Int.random(in: data.indices, using: &random)
            data[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 2: data.removeLast()
        case 3 where Int.random(in: 0..<4, using: &random) == 0: data = []
        case 4: return TLSARecord(usage: usage, selector: 2, matching: matching, data: data)
        case 5: return TLSARecord(usage: usage, selector: selector, matching: 3, data: data)
        case 6: return TLSARecord(usage: usage, selector: 1 - selector, matching: matching, data: data)
        default: break
        }
        return TLSARecord(usage: usage, selector: selector, matching: matching, data: data)
    }

    /// 10,000 pairs of a chain and a TLSA set: the grid and OpenSSL's engine come to the same.
    @Test func theGridAgreesWithOpenSSL() throws {
        let chains = chains()
        let pool = chains.flatMap { $0.octets.compactMap(\.self) }
        var random = Generator(state: 2026)
        var seen: [String: Int] = [:]
        var differences: [String] = []
        for _ in 0..<10_000 {
            let chain = try #require(chains.randomElement(using: &random))
            var elements = chain.octets.compactMap(\.self)
            // A record for a certificate that was not sent.
            if Int.random(in: 0..<5, using: &random) == 0, let other = pool.randomElement(using: &random) {
                elements.append(other)
            }
            let records = (0..<Int.random(in: 1...3, using: &random)).map { _ in record(of: elements, &random) }
            let engine = DANEVerifier().verify(chain, records: records, names: names, at: now)
            let grid = DANEGrid(chain, records: records, at: now).verdict(names: names)
            let kind = engine.kind == .verified ? "verified \(engine.usage == 3 ? "EE" : "TA")" : engine.kind.rawValue
            seen[kind, default: 0] += 1
            if engine.kind != grid.kind || engine.usage != grid.usage {
                differences.append(
                    "\(engine.kind) \(grid.kind) \(records.map(\.short)) of \(chain.octets.map { $0.map { "\(Digest.hex($0.der.prefix(6))) \(Digest.hex(Digest.sha256($0.der).prefix(4)))" } ?? "" })"
                )
            }
        }
        #expect(differences.isEmpty, "\(differences.count): \(differences.prefix(5))")
        let classes = Set(DANEVerdict.Kind.allCases.map(\.rawValue)).subtracting(["verified", "undetermined"])
            .union(["verified EE", "verified TA"])
        #expect(Set(seen.keys) == classes)
        #expect(seen.values.allSatisfy { $0 >= 100 }, "\(seen)")
    }

    /// The command that a diagnosis names makes the very data that it was told of.
    @Test(arguments: [UInt8(1), 2], [TLSADiagnosis.Mistake.empty, .newline, .pem, .pemKey, .chainFile])
    func theCommandMakesTheMistake(matching: UInt8, mistake: TLSADiagnosis.Mistake) throws {
        let leaf = maker.identity(for: "mx.example.com", CertificateSpec(issuer: .intermediate)).certificate
        let ders = [leaf, maker.intermediate.certificate].map(CertificateMaker.der)
        let chain = PresentedChain(certificates: ders, count: 2)
        let folder = NSTemporaryDirectory() + "tlsa-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Data(ders[0]).write(to: URL(fileURLWithPath: folder + "/leaf.der"))
        try Data(ders[1]).write(to: URL(fileURLWithPath: folder + "/issuer.der"))
        func shell(_ command: String) throws -> String {
            try LabProcess.output("/bin/sh", ["-c", "cd \(folder) && \(command)"])
        }
        _ = try shell(
            """
            openssl x509 -inform DER -in leaf.der -out cert.pem &&
            openssl x509 -inform DER -in issuer.der | cat cert.pem - > fullchain.pem
            """)
        let program = matching == 1 ? "sha256sum" : "sha512sum"
        let byHand: [TLSADiagnosis.Mistake: String] = [
            .empty: ": | \(program)", .newline: "echo | \(program)", .pem: "\(program) < cert.pem",
            .pemKey: "openssl x509 -in cert.pem -noout -pubkey | \(program)", .chainFile: "\(program) < fullchain.pem",
        ]
        let command = try #require(byHand[mistake])
        let output = try shell(command)
        let digits = try #require(output.split(separator: " ").first)
        let data = stride(from: 0, to: digits.count, by: 2).compactMap {
            UInt8(String(digits.dropFirst($0).prefix(2)), radix: 16)
        }
        let record = TLSARecord(usage: 3, selector: 1, matching: matching, data: data)
        let diagnosis = try #require(TLSADiagnosis(record, chain: chain))
        #expect(diagnosis.mistake == mistake)
        #expect(try shell(diagnosis.command).contains(digits), "\(diagnosis.command)")
        let octets = try #require(chain.octets[0])
        let right = try #require(TLSARecord.association(octets, selector: 1, matching: matching))
        #expect(diagnosis.meant == "3 1 \(matching) \(Digest.hex(right))")
    }

    @Test func dataInTheWrongPlaceIsFound() throws {
        let leaf = maker.identity(for: "mx.example.com", CertificateSpec(issuer: .intermediate)).certificate
        let ders = [leaf, maker.intermediate.certificate].map(CertificateMaker.der)
        let chain = PresentedChain(certificates: ders, count: 2)
        let octets = chain.octets.compactMap(\.self)
        func diagnosis(_ usage: UInt8, _ selector: UInt8, _ matching: UInt8, _ data: [UInt8]) -> TLSADiagnosis? {
            TLSADiagnosis(TLSARecord(usage: usage, selector: selector, matching: matching, data: data), chain: chain)
        }
        let key = Digest.sha256(octets[0].publicKey)
        let issuerKey = Digest.sha256(octets[1].publicKey)
        #expect(diagnosis(3, 1, 1, key) == nil)
        #expect(diagnosis(2, 1, 1, issuerKey) == nil)
        #expect(diagnosis(3, 0, 1, key)?.meant == "3 1 1 \(Digest.hex(key))")
        #expect(diagnosis(3, 0, 1, key)?.mistake == .parameters)
        #expect(diagnosis(3, 1, 1, issuerKey)?.meant == "2 1 1 \(Digest.hex(issuerKey))")
        #expect(diagnosis(2, 1, 1, key)?.mistake == .element)
        let hex = diagnosis(3, 1, 1, Array(Digest.hex(key).utf8))
        #expect(hex?.mistake == .hexOfHex && hex?.meant == "3 1 1 \(Digest.hex(key))")
        #expect(diagnosis(3, 1, 1, Array(repeating: 0, count: 32))?.mistake == .zeros)
        #expect(diagnosis(3, 1, 1, Array(repeating: 255, count: 32))?.mistake == .ones)
        #expect(diagnosis(3, 1, 1, Array(repeating: 7, count: 32)) == nil)
    }
}
