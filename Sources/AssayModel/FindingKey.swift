/// What a finding is told by, in one report and between two: never its order, time or text.
package struct FindingKey: Hashable, Sendable, Comparable {
    package let id: String
    package let subject: Subject

    package init(id: String, subject: Subject) {
        self.id = id
        self.subject = subject
    }

    package static func < (left: FindingKey, right: FindingKey) -> Bool {
        (left.id, left.subject) < (right.id, right.subject)
    }
}

extension Finding {
    package var key: FindingKey { FindingKey(id: id, subject: subject) }
}

extension Check {
    package var key: FindingKey { FindingKey(id: id, subject: subject) }
}
