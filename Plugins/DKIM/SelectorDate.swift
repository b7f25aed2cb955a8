import AssayModel

/// The day that a selector's name tells: `20230601`, `mimecast20190719`, `dk2024`, `202404r`, `scph0819`.
///
/// A month or a year stands for its last day, so that nothing is called older than it may be.
struct SelectorDate: Equatable {
    let day: Timestamp

    /// nil where the name tells none, or one that has not come.
    init?(_ selector: String, now: Timestamp) {
        let octets = Array(selector.utf8)
        guard let start = octets.firstIndex(where: Self.isDigit) else { return nil }
        let digits = octets[start...].prefix(while: Self.isDigit)
        guard let day = Self.day(Array(digits), isSparkPost: octets.starts(with: "scph".utf8)), day < now else {
            return nil
        }
        self.day = day
    }

    private static func day(_ digits: [UInt8], isSparkPost: Bool) -> Timestamp? {
        func number(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + Int($1 - 0x30) } }
        switch digits.count {
        case 4 where isSparkPost: return last(year: 2000 + number(2..<4), month: number(0..<2))
        case 4: return last(year: number(0..<4), month: 12)
        case 6: return last(year: number(0..<4), month: number(4..<6))
        // Postmark appends the time of day.
        case 8, 14: return date(number(0..<4), number(4..<6), number(6..<8))
        default: return nil
        }
    }

    private static func last(year: Int, month: Int) -> Timestamp? {
        [31, 30, 29, 28].lazy.compactMap { date(year, month, $0) }.first
    }

    private static func date(_ year: Int, _ month: Int, _ day: Int) -> Timestamp? {
        // DKIM is of 2007, DomainKeys of 2004.
        guard (2004...2099).contains(year) else { return nil }
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return Timestamp(parsing: "\(year)-\(two(month))-\(two(day))T00:00:00Z")
    }

    private static func isDigit(_ octet: UInt8) -> Bool { (0x30...0x39).contains(octet) }

    /// Years, months of the last three of them, with the prefixes that were seen; newest first.
    static func candidates(now: Timestamp) -> [String] {
        let today = now.dayText.split(separator: "-").compactMap { Int($0) }
        guard today.count == 3 else { return [] }
        let years = (0..<8).map { "\(today[0] - $0)" }
        var months: [String] = []
        var (year, month) = (today[0], today[1])
        for _ in 0..<36 {
            months.append("\(year)\(month < 10 ? "0" : "")\(month)")
            month -= 1
            if month == 0 { (year, month) = (year - 1, 12) }
        }
        return years + months + months.prefix(12).flatMap { ["\($0)01", "\($0)15"] } + years.prefix(3).map { "dk\($0)" }
            + years.prefix(3).flatMap { ["\($0)a", "\($0)b"] }
    }
}
