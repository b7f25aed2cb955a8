// swift-tools-version: 6.2
import PackageDescription

/// Continuous integration turns warnings into errors; a user's build does not fail on a newer compiler's advice.
let strict = Context.environment["MAILASSAY_STRICT"] == "1"

let settings: [SwiftSetting] =
    [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
    ] + (strict ? [.treatAllWarnings(as: .error)] : [])

let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")

func library(_ name: String, _ dependencies: [Target.Dependency], path: String? = nil) -> Target {
    .target(name: name, dependencies: dependencies, path: path, swiftSettings: settings)
}

func checker(_ name: String, _ further: [Target.Dependency] = []) -> Target {
    .target(
        name: name,
        dependencies: [
            "AssayProbes", "AssayTransport", "AssayDNS", "AssayCrypto", "AssayEngine", "AssayFacts", "AssayModel",
        ] + further,
        path: "Plugins/\(name)",
        swiftSettings: settings
    )
}

func suite(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

let package = Package(
    name: "mailassay",
    products: [
        .executable(name: "mailassay", targets: ["mailassay"]),
        .executable(name: "mailassay-lab", targets: ["mailassay-lab"]),
        .executable(name: "mailassay-bench", targets: ["mailassay-bench"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.0"),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.0"),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
    ],
    targets: [
        // System libraries: a module map and a shim each, one importer each.
        .systemLibrary(name: "COpenSSL"),
        .systemLibrary(name: "CUnbound"),
        .systemLibrary(name: "CIDN2"),
        .systemLibrary(name: "CPSL"),
        .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0"),
        .systemLibrary(name: "CZlib"),

        // Files that travel inside the binary, by the preprocessor's #embed.
        .target(
            name: "RuleFiles", path: "rules",
            exclude: [
                "README.md", "lang", "profiles", "schema",
                "bimi.yaml",
                "caa.yaml",
                "cert.yaml",
                "dane.yaml",
                "dkim.yaml",
                "dmarc.yaml",
                "dnssec.yaml",
                "issuers.yaml",
                "mark-roots.txt",
                "mta_sts.yaml",
                "mx.yaml",
                "score.yaml",
                "selectors.yaml",
                "senders.yaml",
                "spf.yaml",
                "starttls.yaml",
                "tls.yaml",
                "tlsrpt.yaml",
            ],
            sources: ["embed.c"],
            publicHeadersPath: "include"
        ),
        .target(
            name: "ReportFiles", path: "reports",
            exclude: [
                "README.md", "golden", "schema", "style.css", "style.css.sha256", "report.js", "report.js.sha256",
            ], sources: ["embed.c"],
            publicHeadersPath: "include"
        ),

        // What you may import is what lies below you.
        library("AssayModel", ["CIDN2"]),
        library("AssayFacts", ["AssayModel"]),
        library("AssayCrypto", ["AssayModel", "COpenSSL"]),
        library("AssayDNS", ["AssayModel", "CUnbound", "CPSL", nioCore, nioPosix]),
        library("AssayTransport", ["AssayModel", "AssayDNS", "AssayCrypto", nioCore, nioPosix, nioHTTP1]),
        library("AssayGzip", ["CZlib"]),
        library("AssaySVG", ["CLibXML2", "AssayGzip"]),
        library("AssayEngine", ["AssayModel", "AssayFacts"]),
        library(
            "AssayProbes",
            ["AssayModel", "AssayFacts", "AssayCrypto", "AssayDNS", "AssayTransport", "AssayEngine"]),
        checker("MX"),
        checker("STARTTLS"),
        checker("MTASTS"),
        checker("TLSRPT"),
        checker("DMARC"),
        checker("DANE"),
        checker("DNSSEC"),
        checker("CAA"),
        checker("DKIM"),
        checker("SPF"),
        checker("BIMI", ["AssaySVG"]),
        checker("TLS"),
        library("AssayRules", ["AssayModel", "RuleFiles", yams]),
        library("AssaySenders", ["AssayModel", "AssayFacts"]),
        library("AssayReports", ["AssayModel", "AssayFacts", "AssayGzip", "ReportFiles"]),
        library("AssayStore", ["AssayModel", grdb]),
        library(
            "AssayKit",
            [
                "AssayModel", "AssayFacts", "AssayCrypto", "AssayDNS", "AssayTransport", "AssayEngine", "AssayProbes",
                "AssayGzip", "AssaySenders", "AssayRules", "AssayReports", "AssayStore", nioCore, nioPosix,
                "MX",
                "STARTTLS",
                "MTASTS",
                "TLSRPT",
                "DMARC",
                "DANE",
                "DNSSEC",
                "CAA",
                "DKIM",
                "SPF",
                "BIMI",
                "AssaySVG",
                "TLS",
            ]),
        .executableTarget(
            name: "mailassay",
            dependencies: [
                "AssayKit", "AssayModel", "AssayReports", "AssayRules", "AssayStore", "AssayEngine", "SPF",
                argumentParser,
            ],
            swiftSettings: settings
        ),

        // The mail world for demo, tests and benchmarks; never a dependency of the product.
        .target(
            name: "LabKit", dependencies: ["COpenSSL", "AssayDNS", "AssayModel"], path: "Lab/LabKit",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "mailassay-lab", dependencies: ["LabKit", argumentParser], path: "Lab/mailassay-lab",
            swiftSettings: settings
        ),

        .systemLibrary(name: "CMalloc", path: "Benchmarks/CMalloc"),
        .target(name: "CSyncs", path: "Benchmarks/CSyncs"),
        .executableTarget(
            name: "mailassay-bench",
            dependencies: [
                "AssayTransport", "AssayCrypto", "AssayModel", "COpenSSL", nioCore, nioPosix, "AssaySenders",
                "AssayDNS", "CUnbound", "AssayProbes", "CAA", "DKIM", "SPF", "CMalloc", "CSyncs", "LabKit",
                "AssayReports", "AssayRules", "AssayKit", "AssayEngine",
            ],
            path: "Benchmarks/mailassay-bench", swiftSettings: settings
        ),

        // Unit tests use fixtures; behaviour is proven in the lab.
        suite("AssayModelTests", ["AssayModel"]),
        suite("RuleTests", ["AssayKit", "AssayRules", "AssayModel", "AssayEngine"]),
        suite("DNSTests", ["AssayDNS", "AssayModel"]),
        suite("TransportTests", ["AssayTransport", "AssayCrypto", "AssayModel"]),
        suite("CryptoTests", ["AssayCrypto", "AssayModel", "LabKit"]),
        suite("SenderTests", ["AssaySenders", "AssayModel"]),
        suite(
            "ReportTests", ["AssayReports", "AssayGzip", "AssayModel", "AssayCrypto", "AssayRules", "AssayKit"],
            exclude: ["parse-formats.py"]),
        suite("HouseTests", ["AssayKit", "AssayRules", "AssayModel", "AssayEngine"]),
        suite("CommandTests", ["LabKit", "mailassay", "AssayReports", "AssayModel"]),
        suite(
            "LabTests", ["LabKit", "AssayReports", "AssayRules", "AssayModel", "mailassay", "mailassay-lab"],
            exclude: ["change-of-key.sh", "check-pages.py", "exhaustive.py", "posttls-finger.sh"]),
        suite(
            "BIMITests",
            ["AssayModel", "AssayProbes", "AssaySVG", "AssayCrypto", "AssayKit", "LabKit", "mailassay"]),
        suite(
            "StoreTests",
            ["AssayKit", "AssayStore", "AssayRules", "AssayReports", "AssayModel", "LabKit", "mailassay"],
            exclude: ["check-schemas.py"]),
        suite("CAATests", ["AssayKit", "AssayRules", "AssayModel", "AssayDNS", "CAA"]),
        suite(
            "DKIMTests",
            [
                "AssayModel", "AssayCrypto", "AssayDNS", "AssayEngine", "AssayKit", "AssayReports", "LabKit", "DKIM",
                "mailassay",
                "mailassay-lab",
            ], exclude: ["make-reports.py", "questions.py", "sign.py", "sign-opendkim.py"]),
        suite("SPFTests", ["SPF", "AssayDNS", "AssayModel", yams]),
        suite("DMARCTests", ["DMARC", "AssayProbes", "AssayDNS", "AssayModel"]),
        suite(
            "HostileTests",
            [
                "LabKit", "AssayModel", "AssayProbes", "AssayDNS", "AssayTransport", "MTASTS", "TLSRPT", "CAA", "DKIM",
                "SPF",
            ]),
        suite("TLSTests", ["TLS", "AssayTransport", "AssayModel"]),
        suite("CheckerTests", ["AssayModel", "AssayTransport", "MTASTS", "TLSRPT", "STARTTLS"]),
        suite("DNSSECTests", ["AssayModel", "AssayDNS", "DNSSEC"]),
    ],
    cLanguageStandard: .c2x
)
