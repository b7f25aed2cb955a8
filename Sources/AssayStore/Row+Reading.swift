import AssayModel
import FoundationEssentials
import GRDB

/// GRDB's own subscripts trap where a column is missing or of another type; a file may hold anything.
extension Row {
    /// Throws `SQLITE_CORRUPT` where the column is not there, null, or no such value.
    func read<Value: DatabaseValueConvertible>(_ column: String, as type: Value.Type = Value.self) throws -> Value {
        guard let value: Value = try readIfPresent(column) else { throw Self.damage(column) }
        return value
    }

    /// nil for null.
    func readIfPresent<Value: DatabaseValueConvertible>(_ column: String) throws -> Value? {
        guard let raw = self[column] as DatabaseValue? else { throw Self.damage(column) }
        if raw.isNull { return nil }
        guard let value = Value.fromDatabaseValue(raw) else { throw Self.damage(column) }
        return value
    }

    /// A moment between the years 1 and 9999.
    func readMoment(_ column: String) throws -> Timestamp {
        let seconds: Int64 = try read(column)
        guard (-62_135_596_800...253_402_300_799).contains(seconds) else { throw Self.damage(column) }
        return Timestamp(secondsSince1970: seconds)
    }

    func readOctets(_ column: String) throws -> [UInt8] { Array(try read(column, as: Data.self)) }

    func readSubject() throws -> Subject {
        guard let kind = Subject.Kind(rawValue: try read("kind")) else { throw Self.damage("kind") }
        return Subject(
            kind: kind, name: try read("name"), address: try readIfPresent("address"),
            object: try readIfPresent("object"))
    }

    static func damage(_ column: String) -> DatabaseError {
        DatabaseError(resultCode: .SQLITE_CORRUPT, message: "column \(column)")
    }
}
