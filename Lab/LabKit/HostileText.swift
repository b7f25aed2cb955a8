/// Texts of 64 KB that parsers of records are attacked with.
public enum HostileText {
    public static let names = makers.map(\.name)

    public static func make(_ name: String) -> [UInt8]? {
        makers.first { $0.name == name }.map { maker in Array(maker.make().prefix(size)) }
    }

    /// Octets: as much as a record can have.
    private static let size = 65_535

    private static func filled(_ head: String, _ unit: String) -> [UInt8] {
        let unit = Array(unit.utf8)
        var octets = Array(head.utf8)
        octets.reserveCapacity(size + unit.count)
        while octets.count < size { octets += unit }
        return octets
    }

    private static let makers: [(name: String, make: @Sendable () -> [UInt8])] = [
        ("tags", { filled("v=DMARC1; p=reject; ", "a=b;") }),
        ("names", { filled("v=BIMI1; ", "abcdefghijklmnopqrstuvwxyz=1; ") }),
        ("one-tag", { filled("v=DMARC1; p=reject; rua=", "mailto:a@example.com,") }),
        ("base64", { filled("v=DKIM1; p=", "QUJD") }),
        ("nul", { filled("v=DMARC1; p=", "\0") }),
        ("marks", { filled("v=DMARC1; p=reject", "\u{301}") }),
        ("semicolons", { filled("", ";") }),
        ("equals", { filled("v", "=") }),
        ("spaces", { filled("v=DMARC1;", " ") }),
        ("space-marks", { filled("v=DMARC1", " ; \t") }),
        ("parameters", { filled("ca.example; ", "accounturi=https://a.example/1; ") }),
        ("methods", { filled("ca.example; validationmethods=", "dns-01,") }),
        ("dots", { filled("", ".") }),
        ("labels", { filled("", "a.") }),
        ("commas", { filled("mailto:a@example.com", ",") }),
        ("at-signs", { filled("mailto:", "@") }),
        ("quotes", { filled("", "\"\\") }),
        ("tags-5000", { Array((["v=DMARC1; p=reject"] + (0..<5000).map { "t\($0)=1" }).joined(separator: ";").utf8) }),
        ("macros", { filled("v=spf1 exists:", "%{i1r-}%{") }),
        ("includes", { filled("v=spf1 ", "include:%{d}.example.com ") }),
        (
            "ranges",
            {
                Array(
                    (["v=spf1"] + (0..<5000).map { "ip4:10.\($0 / 250).\($0 % 250).0/24" }).joined(separator: " ").utf8)
            }
        ),
        ("mistakes", { filled("v=spf1 ", "ip4:192.0.2.1/33 ipv4:1.2.3.4 a:b..c ") }),
        ("digits", { filled("v=DMARC1; p=none; pct=", "9") }),
        ("high", { filled("v=BIMI1; l=https://", "\u{FFFD}") }),
        ("control", { filled("", "\u{1B}[2J\r\n") }),
    ]
}
