import AssayModel
import CUnbound
import Glibc

/// The options a context is given, in the order that works (howto section 3c).
struct UnboundSettings: Sendable {
    private let options: [(String, String)]
    private let anchorFile: String?
    private let anchors: [String]
    private let forwarder: String?
    private let frees: [String]

    init(_ configuration: ResolverConfiguration) throws(ResolverError) {
        if let path = configuration.trustAnchorPath {
            try ZoneFileCheck.checkAnchors(path)
            anchorFile = path
        } else {
            anchorFile = access(Self.debianAnchor, R_OK) == 0 ? Self.debianAnchor : nil
        }
        anchors = anchorFile == nil ? ZoneFileCheck.rootAnchors : []
        var options = Self.always + [("outgoing-range:", "\(Self.outgoingRange)")]
        options.append(("do-not-query-localhost:", configuration.allowPrivate ? "no" : "yes"))
        if !configuration.allowPrivate {
            options += Self.specialBlocks.map { ("do-not-query-address:", $0) }
        }
        if let path = configuration.rootHintsPath {
            try ZoneFileCheck.checkHints(path)
            options.append(("root-hints:", path))
        } else if access(Self.debianHints, R_OK) == 0 {
            options.append(("root-hints:", Self.debianHints))
        }
        if !Route.hasIPv6 { options.append(("do-ip6:", "no")) }
        self.options = options
        forwarder = configuration.forwarder.map { "\($0.address)@\($0.port)" }
        let isOwnTree = configuration.rootHintsPath != nil || configuration.forwarder != nil
        frees = isOwnTree ? Self.builtInZones : []
    }

    func apply(to context: OpaquePointer) -> ResolverError? {
        for (name, value) in options {
            let code = ub_ctx_set_option(context, name, value)
            guard code == 0 else {
                return ResolverError("resolver: \(name) \(value): \(String(cString: ub_strerror(code)))")
            }
        }
        if let anchorFile, ub_ctx_add_ta_file(context, anchorFile) != 0 {
            return ResolverError("\(anchorFile): libunbound does not take it as a trust anchor")
        }
        for anchor in anchors where ub_ctx_add_ta(context, anchor) != 0 {
            return ResolverError("resolver: the built-in trust anchor was refused")
        }
        if let forwarder, ub_ctx_set_fwd(context, forwarder) != 0 {
            return ResolverError("--resolver \(forwarder): libunbound does not take it")
        }
        // Last, because it finalises the context: names that libunbound would answer itself belong to the tree asked.
        for zone in frees {
            let code = ub_ctx_zone_remove(context, zone)
            guard code == 0 else {
                return ResolverError(
                    "resolver: trust anchor or root hints do not load: \(String(cString: ub_strerror(code)))")
            }
        }
        return nil
    }

    private static let debianAnchor = "/usr/share/dns/root.key"
    private static let debianHints = "/usr/share/dns/root.hints"

    // performance.md fact 7 and reliability.md DNS-07, DNS-15: the library's defaults are tiny.
    private static let always: [(String, String)] = [
        ("msg-cache-size:", "64m"), ("rrset-cache-size:", "128m"), ("key-cache-size:", "64m"),
        ("neg-cache-size:", "16m"),
        ("cache-max-ttl:", "\(DNSLimits.ttlCeiling)"), ("infra-cache-numhosts:", "100000"),
        ("num-queries-per-thread:", "4096"), ("so-rcvbuf:", "0"),
        ("outgoing-num-tcp:", "256"), ("edns-buffer-size:", "1232"),
        ("val-nsec3-keysize-iterations:", "1024 50 2048 50 4096 50"),
        ("infra-cache-max-rtt:", "1000"), ("outbound-msg-retry:", "2"), ("max-sent-count:", "16"),
        ("harden-glue:", "yes"), ("harden-dnssec-stripped:", "yes"), ("harden-below-nxdomain:", "yes"),
        // Minimised, every name two labels below the apex (selectors, TLSA) costs a question for the label between, each time. All
        // it would hide from the zones above is that well-known names are asked for.
        ("aggressive-nsec:", "yes"), ("qname-minimisation:", "no"), ("module-config:", "validator iterator"),
        ("verbosity:", "0"), ("log-queries:", "no"), ("use-syslog:", "no"),
    ]

    private static let builtInZones = [
        "test.", "invalid.", "onion.", "localhost.", "home.arpa.", "127.in-addr.arpa.", "10.in-addr.arpa.",
        // RFC 6303 section 4: reverse names of private and documentation addresses.
        "168.192.in-addr.arpa.", "2.0.192.in-addr.arpa.", "100.51.198.in-addr.arpa.", "113.0.203.in-addr.arpa.",
        "8.b.d.0.1.0.0.2.ip6.arpa.",
    ]

    private static let specialBlocks = [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/3", "::/127", "::ffff:0:0/96", "fc00::/7", "fe80::/10",
        "ff00::/8",
    ]

    /// Ports in flight, within what the process may open.
    private static var outgoingRange: Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 256 }
        return min(4096, max(16, Int(clamping: limit.rlim_cur) / 4))
    }
}
