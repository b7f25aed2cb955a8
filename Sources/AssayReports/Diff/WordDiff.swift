/// What changed between two texts, word by word.
package struct WordDiff: Sendable, Equatable {
    package enum Kind: String, Sendable, Codable { case same, removed, added }

    package struct Part: Sendable, Equatable, Codable {
        package let kind: Kind
        package let text: String
    }

    /// Neighbouring words of one kind are one part, with single spaces between.
    package let parts: [Part]

    /// More words than this on either side are shown whole, old and new.
    static let words = 400

    package init(from old: String, to new: String) {
        let (before, after) = (Self.split(old), Self.split(new))
        guard before.count <= Self.words, after.count <= Self.words else {
            parts = [Part(kind: .removed, text: old), Part(kind: .added, text: new)].filter { !$0.text.isEmpty }
            return
        }
        parts = Self.joined(Self.compare(before, after))
    }

    private static func split(_ text: String) -> [String] {
        text.utf8.split { $0 == 0x20 || (0x09...0x0D).contains($0) }.map { String(decoding: $0, as: UTF8.self) }
    }

    /// The longest common subsequence, by dynamic programming: at most 400 times 400 cells.
    private static func compare(_ old: [String], _ new: [String]) -> [(Kind, String)] {
        var lengths = [[Int]](repeating: [Int](repeating: 0, count: new.count + 1), count: old.count + 1)
        for i in old.indices.reversed() {
            for j in new.indices.reversed() {
                lengths[i][j] =
                    old[i].utf8.elementsEqual(new[j].utf8)
                    ? lengths[i + 1][j + 1] + 1 : max(lengths[i + 1][j], lengths[i][j + 1])
            }
        }
        var result: [(Kind, String)] = []
        var (i, j) = (0, 0)
        while i < old.count || j < new.count {
            if i < old.count, j < new.count, old[i].utf8.elementsEqual(new[j].utf8) {
                result.append((.same, old[i]))
                (i, j) = (i + 1, j + 1)
            } else if j == new.count || (i < old.count && lengths[i + 1][j] >= lengths[i][j + 1]) {
                result.append((.removed, old[i]))
                i += 1
            } else {
                result.append((.added, new[j]))
                j += 1
            }
        }
        return result
    }

    private static func joined(_ words: [(Kind, String)]) -> [Part] {
        var parts: [Part] = []
        // A run of changes reads better with what went in front of what came.
        var (removed, added): ([String], [String]) = ([], [])
        func flush() {
            if !removed.isEmpty { parts.append(Part(kind: .removed, text: removed.joined(separator: " "))) }
            if !added.isEmpty { parts.append(Part(kind: .added, text: added.joined(separator: " "))) }
            (removed, added) = ([], [])
        }
        for (kind, word) in words {
            switch kind {
            case .removed: removed.append(word)
            case .added: added.append(word)
            case .same:
                flush()
                if let last = parts.last, last.kind == .same {
                    parts[parts.count - 1] = Part(kind: .same, text: "\(last.text) \(word)")
                } else {
                    parts.append(Part(kind: .same, text: word))
                }
            }
        }
        flush()
        return parts
    }
}
