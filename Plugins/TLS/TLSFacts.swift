import AssayModel

/// What tells generic facts apart.
protocol FactTag {
    static var id: String { get }
}

/// `tls.sslv2` to `tls.v1_3`, about an address: whether the server accepts that version.
struct VersionFact<Tag: FactTag>: Fact {
    static var id: String { Tag.id }

    let isAccepted: Bool
    /// How it said no: `alert 70`, `closed`, or the version it took in place of this one.
    let refusal: String?

    static var examples: [Self] {
        [Self(isAccepted: true, refusal: nil), Self(isAccepted: false, refusal: "alert 70")]
    }
}

enum SSL2Tag: FactTag { static let id = "tls.sslv2" }
enum SSL3Tag: FactTag { static let id = "tls.sslv3" }
enum TLS10Tag: FactTag { static let id = "tls.v1_0" }
enum TLS11Tag: FactTag { static let id = "tls.v1_1" }
enum TLS12Tag: FactTag { static let id = "tls.v1_2" }
enum TLS13Tag: FactTag { static let id = "tls.v1_3" }

/// `tls.null_cipher`, `tls.export`, ..., about an address: whether the server accepts suites of a class, when nothing better is
/// offered.
struct SuiteClassFact<Tag: FactTag>: Fact {
    static var id: String { Tag.id }

    let isAccepted: Bool
    /// One that it accepts.
    let suite: String?

    static var examples: [Self] {
        [Self(isAccepted: true, suite: "TLS_RSA_WITH_3DES_EDE_CBC_SHA"), Self(isAccepted: false, suite: nil)]
    }
}

enum NullTag: FactTag { static let id = "tls.null_cipher" }
enum ExportTag: FactTag { static let id = "tls.export" }
enum RC4Tag: FactTag { static let id = "tls.rc4" }
enum LT112Tag: FactTag { static let id = "tls.lt112" }
enum Block64Tag: FactTag { static let id = "tls.block64" }
enum AnonymousTag: FactTag { static let id = "tls.anon" }
enum StaticRSATag: FactTag { static let id = "tls.static_rsa" }
enum StaticDHTag: FactTag { static let id = "tls.static_dh" }
enum DHETag: FactTag { static let id = "tls.dhe" }
enum CBCTag: FactTag { static let id = "tls.cbc" }
enum CBCSHA1Tag: FactTag { static let id = "tls.cbc_sha1" }
enum CCM8Tag: FactTag { static let id = "tls.ccm8" }

/// `tls.dh_prime`, about an address: the weakest finite-field group that it used.
struct DHPrime: Fact {
    static let id = "tls.dh_prime"

    let bits: Int
    /// `ffdhe3072`, `modp2048`, nil for a group of its own.
    let name: String?
    /// RFC 7919.
    let isNegotiable: Bool

    static let examples = [
        DHPrime(bits: 3072, name: "ffdhe3072", isNegotiable: true), DHPrime(bits: 1024, name: nil, isNegotiable: false),
    ]
}

/// `tls.encrypt_then_mac`, about an address that accepts CBC suites.
struct EncryptThenMAC: Fact {
    static let id = "tls.encrypt_then_mac"

    let isUsed: Bool

    static let examples = [EncryptThenMAC(isUsed: true)]
}

/// `tls.recommended`, about an address: TLS 1.3, or TLS 1.2 with ECDHE and AEAD.
struct RecommendedSuites: Fact {
    static let id = "tls.recommended"

    let isOffered: Bool
    /// Of TLS 1.2, the one that it takes.
    let suite: String?

    static let examples = [
        RecommendedSuites(isOffered: true, suite: "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"),
        RecommendedSuites(isOffered: false, suite: nil),
    ]
}

/// `tls.weak_group`, about an address: whether it takes a curve that nobody should use, where that is asked for first.
struct WeakGroup: Fact {
    static let id = "tls.weak_group"

    let isAccepted: Bool
    let group: String?

    static let examples = [WeakGroup(isAccepted: true, group: "secp224r1"), WeakGroup(isAccepted: false, group: nil)]
}

/// `tls.post_quantum`, about an address: whether it takes a key exchange that withstands quantum computers.
struct PostQuantum: Fact {
    static let id = "tls.post_quantum"

    let isAccepted: Bool
    let group: String?

    static let examples = [
        PostQuantum(isAccepted: true, group: "X25519MLKEM768"), PostQuantum(isAccepted: false, group: nil),
    ]
}

/// `tls.broken_signature`, about an address: whether it signs a handshake with SHA-1 or MD5 where nothing else is offered.
struct BrokenSignature: Fact {
    static let id = "tls.broken_signature"

    let isAccepted: Bool
    let scheme: String?

    static let examples = [
        BrokenSignature(isAccepted: true, scheme: "rsa_pkcs1_sha1"), BrokenSignature(isAccepted: false, scheme: nil),
    ]
}

/// `tls.large_hello`, about an address: whether it understands a ClientHello of 1,700 octets with values from the future.
struct LargeHello: Fact {
    static let id = "tls.large_hello"

    let isUnderstood: Bool
    let failure: String?

    static let examples = [
        LargeHello(isUnderstood: true, failure: nil), LargeHello(isUnderstood: false, failure: "closed"),
    ]
}

/// `tls.extensions`, about an address: what its first hello of TLS 1.0 to 1.2 answered.
struct TLSExtensions: Fact {
    static let id = "tls.extensions"

    let version: String
    let compresses: Bool
    let renegotiatesSecurely: Bool
    let hasExtendedMasterSecret: Bool
    let offersTicket: Bool
    let asksForCertificate: Bool

    static let examples = [
        TLSExtensions(
            version: "TLSv1.2", compresses: false, renegotiatesSecurely: true, hasExtendedMasterSecret: true,
            offersTicket: true, asksForCertificate: false)
    ]
}

/// `tls.cipher_order`, about an address that accepts suites which should not be used.
struct CipherOrder: Fact {
    static let id = "tls.cipher_order"

    /// Offered first, such a suite is taken although both sides have a better one.
    let followsClient: Bool
    let suite: String?

    static let examples = [
        CipherOrder(followsClient: true, suite: "TLS_RSA_WITH_AES_128_CBC_SHA"),
        CipherOrder(followsClient: false, suite: nil),
    ]
}

/// `tls.fallback_scsv`, about an address that has TLS 1.1 or older.
struct FallbackSignal: Fact {
    static let id = "tls.fallback_scsv"

    let isHonoured: Bool

    static let examples = [FallbackSignal(isHonoured: true)]
}

/// `tls.early_data`, about an address: octets of early data that a ticket of TLS 1.3 allows, 0 for none.
struct EarlyData: Fact {
    static let id = "tls.early_data"

    let maximum: Int

    static let examples = [EarlyData(maximum: 0)]
}

/// `tls.server_name`, about an address: what it does without SNI, or with a name it does not know.
struct WithoutServerName: Fact {
    static let id = "tls.server_name"

    enum Without: String, Codable {
        case same, other, refused
    }

    let without: Without

    static let examples = [WithoutServerName(without: .same)]
}

/// `tls.drown`, about an address that accepts SSLv2.
struct Drown: Fact {
    static let id = "tls.drown"

    /// Servers of the domain that show the same certificate over TLS.
    let shared: [String]

    static let examples = [Drown(shared: ["mx1.example.com"])]
}

/// `tls.chain_size`, about an address: the certificate message.
struct ChainSize: Fact {
    static let id = "tls.chain_size"

    let certificates: Int
    let octets: Int

    static let examples = [ChainSize(certificates: 2, octets: 3000)]
}

/// `tls.inventory`, about an address, with `--tls full`: what it accepts, in its order where it has one.
struct TLSInventory: Fact {
    static let id = "tls.inventory"

    /// `TLSv1.2 TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384`.
    let suites: [String]
    let groups: [String]
    /// Versions whose list is whole.
    let complete: [String]
    /// Versions where the client's order decides.
    let clientOrder: [String]

    static let examples = [
        TLSInventory(
            suites: ["TLSv1.3 TLS_AES_256_GCM_SHA384"], groups: ["x25519"], complete: ["TLSv1.3"],
            clientOrder: ["TLSv1.2"])
    ]
}
