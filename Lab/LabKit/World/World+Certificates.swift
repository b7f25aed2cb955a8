/// Certificates of mail hosts.
extension World {
    /// All hosts with this certificate, the policy as given.
    private static func cert(
        _ name: String, _ note: String, enforced: Bool = false, _ change: @escaping (inout CertificateSpec) -> Void
    ) -> LabDomain {
        make(name, note) { domain in
            for index in domain.hosts.indices {
                domain.hosts[index].hasIPv6 = false
                var spec = CertificateSpec()
                change(&spec)
                domain.hosts[index].certificate = spec
            }
            if !enforced {
                domain.policy = nil
                domain.records.remove(at: 2)
            }
        }
    }

    static let certificates: [LabDomain] = [
        cert("expired.lab", "expired certificates") { ($0.from, $0.to) = (-100, -2) },
        cert("expiredsts.lab", "expired certificates under an enforced policy", enforced: true) {
            ($0.from, $0.to) = (-100, -2)
        },
        cert("future.lab", "certificates not valid yet") { ($0.from, $0.to) = (5, 60) },
        cert("soon.lab", "certificates that expire soon") { ($0.from, $0.to) = (-80, 10) },
        cert("tomorrow.lab", "certificates that expire tomorrow, under an enforced policy", enforced: true) {
            ($0.from, $0.to) = (-80, 1)
        },
        cert("unknownca.lab", "an unknown authority") { $0.issuer = .unknown },
        cert("incomplete.lab", "the intermediate is not sent") { $0.issuer = .missingIntermediate },
        cert("incompletests.lab", "the intermediate is not sent, under an enforced policy", enforced: true) {
            $0.issuer = .missingIntermediate
        },
        cert("selfsigned.lab", "self-signed") { $0.issuer = .itself },
        cert("selfsignedsts.lab", "self-signed under an enforced policy", enforced: true) { $0.issuer = .itself },
        make("selfsigneddane.lab", "self-signed with TLSA under an enforced policy") { domain in
            for index in domain.hosts.indices {
                domain.hosts[index].hasIPv6 = false
                domain.hosts[index].certificate?.issuer = .itself
                domain.hosts[index].tlsa = [.daneEE]
            }
        },
        cert("wrongname.lab", "certificates for another name") { $0.names = ["www.wrongname.lab"] },
        cert("wrongnamests.lab", "certificates for another name under an enforced policy", enforced: true) {
            $0.names = ["www.wrongnamests.lab"]
        },
        cert("nosan.lab", "no subjectAltName") { $0.names = [] },
        cert("rsa1024.lab", "RSA with 1024 bits") { $0.key = .rsa(1024) },
        cert("rsa2048.lab", "RSA with 2048 bits") { $0.key = .rsa(2048) },
        cert("exponent3.lab", "RSA with the exponent 3") { $0.key = .weak(.smallExponent) },
        cert("roca.lab", "RSA from broken hardware (ROCA)") { $0.key = .weak(.roca) },
        cert("smallfactor.lab", "RSA with a prime factor of 997") { $0.key = .weak(.smallFactor) },
        cert("ballast.lab", "a chain of more than 100 KB") { $0.ballast = 300 },
        cert("oddcurve.lab", "an unusual curve") { $0.key = .ec("secp256k1") },
        cert("sha1.lab", "signed with SHA-1") { $0.isSHA1 = true },
        cert("overlong.lab", "valid for two years") { ($0.from, $0.to) = (-30, 700) },
        cert("clientonly.lab", "without serverAuth") { $0.usage = "clientAuth" },
        cert("caleaf.lab", "an authority's certificate") { $0.isCA = true },
        cert("keyusage.lab", "the key may not sign") { $0.keyUsage = "keyAgreement" },
        cert("muststaple.lab", "promises a staple") { $0.mustStaple = true },
        // SEQUENCE { [2] "mx1.nulname.lab\0.x" }
        cert("nulname.lab", "a NUL in the name") {
            $0.alternativeNamesDER = "301482126d78312e6e756c6e616d652e6c6162002e78"
        },
    ]
}
