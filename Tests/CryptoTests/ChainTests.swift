import AssayCrypto
import AssayModel
import Foundation
@testable import LabKit
import Testing

@Suite struct ChainTests {
    private let maker = CertificateMaker()

    private func verdict(_ spec: CertificateSpec, name: String = "mx.example.com") throws -> (Certificate, PKIXVerdict)
    {
        let path = NSTemporaryDirectory() + "ca-\(UUID().uuidString).pem"
        defer { try? FileManager.default.removeItem(atPath: path) }
        maker.writeAuthority(to: path)
        let store = try TrustStore(pemFile: path)
        let identity = maker.identity(for: name, spec)
        let ders = ([identity.certificate] + identity.chain).map(CertificateMaker.der)
        let leaf = try #require(Certificate(der: ders[0]))
        let host = try #require(DomainName(name))
        let now = Timestamp(secondsSince1970: Int64(Date().timeIntervalSince1970))
        let chain = PresentedChain(certificates: ders, count: ders.count)
        return (leaf, ChainVerifier().verify(chain, name: host, at: now, store: store))
    }

    @Test func aGoodCertificate() throws {
        let (leaf, verdict) = try verdict(CertificateSpec())
        #expect(verdict.isValid && verdict.pathErrors == [])
        #expect(leaf.dnsNames == ["mx.example.com"])
        #expect(leaf.key.curve == "secp256r1" && leaf.key.bits == 256)
        #expect(leaf.extendedKeyUsage == ["serverAuth"] && !leaf.isCA && !leaf.isSelfSigned)
    }

    @Test func pathNameAndDatesAreJudgedApart() throws {
        let expired = try verdict(CertificateSpec(from: -100, to: -2)).1
        #expect(
            expired.path == .trusted && expired.nameMatches && !expired.datesValid && !expired.leafDatesValid
                && !expired.isValid)
        let wrongName = try verdict(CertificateSpec(names: ["www.example.com"])).1
        #expect(wrongName.path == .trusted && !wrongName.nameMatches && wrongName.datesValid)
        let own = try verdict(CertificateSpec(issuer: .itself)).1
        #expect(own.path == .selfSigned && own.nameMatches && own.datesValid)
        let stranger = try verdict(CertificateSpec(issuer: .unknown)).1
        #expect(stranger.path == .untrusted && !stranger.missesIntermediate)
        let cut = try verdict(CertificateSpec(issuer: .missingIntermediate)).1
        #expect(cut.path == .untrusted && cut.missesIntermediate)
        #expect(try verdict(CertificateSpec(issuer: .intermediate)).1.isValid)
        let client = try verdict(CertificateSpec(usage: "clientAuth")).1
        #expect(client.path == .trusted && !client.purposeAllowed && !client.isValid)
        let short = try verdict(CertificateSpec(key: .rsa(1024))).1
        #expect(short.path == .invalid && !short.isValid)
    }

    @Test(arguments: [
        (["*.example.com"], true), (["m*.example.com"], false), (["*.com"], false), (["*.*.com"], false),
        (["MX.EXAMPLE.COM"], true),
        ([], false),
    ])
    func wildcardsStandForOneWholeLabel(_ names: [String], _ matches: Bool) throws {
        #expect(try verdict(CertificateSpec(names: names)).1.nameMatches == matches)
    }

    @Test func aNULEndsNoName() throws {
        let name = Array("mx.example.com\u{0}.x".utf8)
        let der = [0x30, UInt8(name.count + 2), 0x82, UInt8(name.count)] + name
        let spec = CertificateSpec(alternativeNamesDER: der.map { String(format: "%02x", $0) }.joined())
        let (leaf, verdict) = try verdict(spec)
        #expect(leaf.hasNULInName && !verdict.nameMatches)
        #expect(leaf.dnsNames == ["mx.example.com\\x00.x"])
    }

    @Test func brokenDERIsNoCertificate() throws {
        let good = CertificateMaker.der(maker.identity(for: "mx.example.com", CertificateSpec()).certificate)
        #expect(Certificate(der: []) == nil)
        #expect(Certificate(der: good + [0]) == nil)
        for length in stride(from: 0, to: good.count, by: 7) {
            #expect(Certificate(der: Array(good[..<length])) == nil)
        }
        for _ in 0..<2000 {
            var bytes = good
            bytes[Int.random(in: 0..<bytes.count)] = UInt8.random(in: 0...255)
            _ = Certificate(der: bytes)
        }
    }
}
