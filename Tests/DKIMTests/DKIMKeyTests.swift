import AssayCrypto
import Testing

@testable import DKIM

struct DKIMKeyTests {
    /// RFC 8463 appendix A.
    static let rsa =
        "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB"
    static let edwards = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="

    private func key(_ text: String) -> DKIMKey { DKIMKey(parsing: Array(text.utf8)) }

    @Test(arguments: [
        "v=DKIM1; k=rsa; p=\(rsa)", "p=\(rsa)", "v=DKIM1;k=rsa;h=sha256:sha1;s=email:*;t=s;n=note;p=\(rsa);",
        "v=DKIM1; x=unknown; p=\(rsa)", "v=DKIM1; k=ed25519; p=\(edwards)",
        "v=DKIM1; p=\(rsa.prefix(80)) \t\(rsa.dropFirst(80))",
    ])
    func `usable keys`(text: String) {
        let key = key(text)
        #expect(key.faults.isEmpty)
        #expect(key.isUsable)
        #expect(key.damage.isEmpty)
        #expect(DKIMKey.isKey(Array(text.utf8)))
    }

    @Test(arguments: [
        ("v=DKIM2; p=\(rsa)", DKIMKey.Fault.version), ("v=dkim1; p=\(rsa)", .version),
        ("k=rsa; v=DKIM1; p=\(rsa)", .version), ("v=DKIM1; k=rsa; k=rsa; p=\(rsa)", .duplicateTag),
        ("v=DKIM1; k=rsa", .keyMissing), ("v=DKIM1; rsa; p=\(rsa)", .syntax), ("v=DKIM1; p=\(rsa.dropLast())", .base64),
        ("v=DKIM1\\; k=rsa\\; p=\(rsa)", .base64), ("\"v=DKIM1; p=\(rsa)\"", .base64),
        ("v=DKIM1; p=-----BEGIN PUBLIC KEY-----\(rsa)-----END PUBLIC KEY-----", .base64),
        ("v=DKIM1; p=\(rsa.prefix(100))\" \"\(rsa.dropFirst(100))", .base64),
        ("v=DKIM1; p=\(rsa.prefix(160))", .base64),
        ("v=DKIM1; p=\(rsa.prefix(161))", .base64), ("v=DKIM1; p=AAAA", .der), ("v=DKIM1; k=RSA; p=\(rsa)", .kind),
        ("v=DKIM1; k=ed25519; p=MCowBQYDK2VwAyEA\(edwards)", .ed25519), ("v=DKIM1; k=ed25519; p=AAAA", .ed25519),
    ])
    func `faults of bad ones`(text: String, fault: DKIMKey.Fault) {
        let key = key(text)
        #expect(key.faults == [fault])
        #expect(!key.isUsable)
    }

    @Test(arguments: [
        ("v=dkim1; k=rsa; p=\(rsa)", "v=DKIM1; k=rsa; p=\(rsa)"),
        ("k=rsa; v=DKIM1; p=\(rsa)", "v=DKIM1; k=rsa; p=\(rsa)"),
        ("v=DKIM1\\; k=rsa\\; p=\(rsa)", "v=DKIM1; k=rsa; p=\(rsa)"),
        ("\"v=DKIM1; p=\(rsa)\"", "v=DKIM1; p=\(rsa)"),
        ("v=DKIM1; p=-----BEGIN PUBLIC KEY-----\(rsa)-----END PUBLIC KEY-----", "v=DKIM1; p=\(rsa)"),
        ("v=DKIM1; p=\(rsa.prefix(100))\" \"\(rsa.dropFirst(100))", "v=DKIM1; p=\(rsa)"),
        ("v=DKIM1; h=sha1; t=y:s; g=*; s=web; n=keep; p=\(rsa)", "v=DKIM1; h=sha256; t=s; n=keep; p=\(rsa)"),
        ("v=DKIM1; k=ed25519; p=MCowBQYDK2VwAyEA\(edwards)", "v=DKIM1; k=ed25519; p=\(edwards)"),
        ("v=DKIM1; k=rsa-sha256; p=\(rsa)", "v=DKIM1; k=rsa; p=\(rsa)"),
    ])
    func `the record that was meant`(text: String, corrected: String) {
        #expect(key(text).corrected == corrected)
        #expect(self.key(corrected).isUsable)
        #expect(self.key(corrected).corrected == corrected)
    }

    @Test(arguments: [
        "v=DKIM1; p=\(rsa.prefix(160))", "v=DKIM1; k=rsa", "v=DKIM1; p=AAAA", "v=DKIM1; p=\(rsa); p=\(edwards)",
        "v=DKIM1; p=-----BEGIN RSA PRIVATE KEY-----MIIB-----END RSA PRIVATE KEY-----",
    ])
    func `nobody knows what was meant`(text: String) {
        #expect(key(text).corrected == nil)
    }

    @Test func `a revoked key is no fault`() {
        let key = key("v=DKIM1; p=")
        #expect(key.isRevoked && key.faults.isEmpty && !key.isUsable)
        #expect(key.corrected == "v=DKIM1; p=")
    }

    @Test func `private keys are seen in both forms`() throws {
        let octets = try #require(Base64.decode(Array(Self.privateKey.utf8)))
        #expect(KeyEncoding(der: octets) == .privateKey)
        #expect(key("v=DKIM1; p=\(Self.privateKey)").holdsPrivateKey)
        #expect(
            key("-----BEGIN RSA PRIVATE KEY-----\n\(Self.privateKey)\n-----END RSA PRIVATE KEY-----").holdsPrivateKey)
        #expect(!key("v=DKIM1; p=\(Self.rsa)").holdsPrivateKey)
    }

    @Test func `records of 64 KB end soon`() {
        for text in [
            String(repeating: "p=", count: 32_000), String(repeating: ";", count: 65_000),
            "v=DKIM1; p=" + String(repeating: "A", count: 65_000), String(repeating: "a=b;", count: 16_000),
            "p=" + String(repeating: "-----", count: 13_000), "v=DKIM1; p=" + String(repeating: "\\\"", count: 32_000),
            String(repeating: "\\;", count: 32_000),
            "v=DKIM1; p=\u{301}" + String(repeating: "e\u{301}", count: 20_000),
        ] {
            let clock = ContinuousClock()
            var key: DKIMKey?
            // The best of three: a machine that is busy is not the parser's.
            let time = (0..<3).map { _ in clock.measure { key = DKIMKey(parsing: Array(text.utf8)) } }.min() ?? .zero
            #expect(time < .milliseconds(Self.isOptimised ? 5 : 200))
            #expect(key?.isUsable == false)
            _ = key?.corrected
        }
    }

    @Test func `base64 both ways`() {
        for count in 0...40 {
            let octets = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37) }
            #expect(count == 0 || Base64.decode(Array(Base64.encode(octets).utf8)) == octets)
        }
    }

    #if DEBUG
    static let isOptimised = false
    #else
    static let isOptimised = true
    #endif

    /// Of 512 bits, made for this test.
    static let privateKey =
        "MIIBPAIBAAJBAMoHIahXGwgj0/WqNJyeyFbi8DrNbpFKf+9DVqxbrE0m/spgqv1x7DJ9qsTNgRx4MSHfz9yG1A6OS3HNO9+lcGcCAwEAAQJBAL2MnV6lg15Kx0caT8yXCZ7Dw+NX9aJqBMjHJF4IkQu8nA+JAN4BIVqmIhEar/g83MUwxValwq+IwuAxO36FlOECIQDxnmfd70HwiB2ET3aXtfpKzWpwKtVeJ++q7VZcKWLuNwIhANYNeI9XlDOfL8gae9tg5q/cUqhZ4SZ5uKaAF6awB/dRAiEAupNWo3Mw2PtSx6vQ6P/WAdMzgOAimS1/jd7t1AcFZOsCICylEKEtDg8aQ5gD1hNyiYridCcC4A/rUVUA4G32xyKRAiEA5Sd/DBZ69AxrAzvPMm84eCF+X+O0zq1GazeMJbEsrSI="
}
