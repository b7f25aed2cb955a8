import COpenSSL
import Glibc
import Synchronization

/// The roots that verdicts are made with.
///
/// Unchecked: OpenSSL locks the store itself; nothing is added after `init`.
package final class TrustStore: @unchecked Sendable {
    let pointer: OpaquePointer
    /// A file with all roots, where organisations are looked up.
    private let bundle: String
    private let organizations = Mutex<Set<String>?>(nil)

    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// The roots of a PEM file, and no other.
    package init(pemFile path: String) throws(Failure) {
        guard access(path, R_OK) == 0 else {
            throw Failure(description: "\(path): \(String(cString: strerror(errno)))")
        }
        guard let store = X509_STORE_new() else { throw Failure(description: "OpenSSL gave no trust store") }
        guard X509_STORE_load_file(store, path) == 1 else {
            ERR_clear_error()
            X509_STORE_free(store)
            throw Failure(description: "\(path): holds no PEM certificate")
        }
        pointer = store
        bundle = path
    }

    private init(folder: String, bundle: String) throws(Failure) {
        guard let store = X509_STORE_new(), X509_STORE_load_path(store, folder) == 1 else {
            throw Failure(description: "\(folder): cannot be used as a folder of roots")
        }
        pointer = store
        self.bundle = bundle
    }

    deinit { X509_STORE_free(pointer) }

    /// The system's roots, by hashed file names, so that only the roots needed are read.
    package static func system() throws(Failure) -> TrustStore {
        let folder = "/etc/ssl/certs"
        let bundle = "\(folder)/ca-certificates.crt"
        guard access(bundle, R_OK) == 0 else {
            throw Failure(
                description: "\(bundle): \(String(cString: strerror(errno))); install ca-certificates or give --ca-file"
            )
        }
        return try TrustStore(folder: folder, bundle: bundle)
    }

    /// True where some root is of this organisation. Reads all roots the first time.
    func knowsOrganization(_ name: String) -> Bool {
        organizations.withLock { known in
            let all = known ?? Self.organizations(in: bundle)
            known = all
            return all.contains(name)
        }
    }

    /// The root that the record is about, by its subject; nil for none. Reads all roots.
    package func root(for record: TLSARecord) -> String? {
        guard let store = X509_STORE_new() else { return nil }
        defer {
            X509_STORE_free(store)
            ERR_clear_error()
        }
        guard X509_STORE_load_file(store, bundle) == 1 else { return nil }
        return (0..<copenssl_store_count(store)).lazy.compactMap { index -> String? in
            guard let object = copenssl_store_at(store, index) else { return nil }
            let octets = CertificateOctets(object)
            let data = TLSARecord.association(octets, selector: record.selector, matching: record.matching)
            return data == record.data ? Certificate(der: octets.der)?.subject : nil
        }.first
    }

    private static func organizations(in path: String) -> Set<String> {
        guard let store = X509_STORE_new() else { return [] }
        defer { X509_STORE_free(store) }
        guard X509_STORE_load_file(store, path) == 1 else { return [] }
        return Set(
            (0..<copenssl_store_count(store)).compactMap { index in
                copenssl_store_at(store, index).flatMap { Certificate(der: DER.of($0))?.issuerOrganization }
            })
    }
}
