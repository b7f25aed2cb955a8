package import AssayModel
import CPSL

/// The public suffix list (libpsl with Debian's data).
///
/// Unchecked: the C object is only read after `init`, which libpsl allows from any thread.
package final class PublicSuffixes: @unchecked Sendable {
    private let list: OpaquePointer?
    private let isOwned: Bool

    /// The file could not be read as a public suffix list.
    package struct Fault: Error, CustomStringConvertible {
        package let description: String
    }

    /// The list in a file; without one Debian's, else the one built into libpsl.
    package init(path: String? = nil) throws(Fault) {
        if let path {
            guard let loaded = psl_load_file(path), psl_suffix_count(loaded) > 0 else {
                throw Fault(description: "\(path): not a readable public suffix list")
            }
            list = loaded
            isOwned = true
            return
        }
        if let latest = psl_latest(nil) {
            list = latest
            isOwned = true
        } else {
            list = psl_builtin()
            isOwned = false
        }
    }

    deinit {
        if isOwned, let list { psl_free(list) }
    }

    /// The name that a registrar would sell: one label more than the suffix. Nil for a suffix itself.
    package func registrableDomain(of name: DomainName) -> DomainName? {
        guard let list else { return nil }
        // What libpsl gives back points into the text it was given: copied while that lives.
        return name.description.withCString { text in
            psl_registrable_domain(list, text).flatMap { DomainName(String(cString: $0)) }
        }
    }

    /// Names of several owners lie below it. A name of one label that the list does not know counts too.
    package func isPublicSuffix(_ name: DomainName) -> Bool {
        guard let list else { return name.labelCount < 2 }
        return psl_is_public_suffix(list, name.description) == 1
    }
}
