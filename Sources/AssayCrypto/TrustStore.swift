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
    /// In place of the file.
    private let octets: [UInt8]?
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
        octets = nil
    }

    /// The roots in these octets (PEM), and no other.
    package init(pem: [UInt8]) throws(Failure) {
        guard let store = Self.store(pem: pem) else { throw Failure(description: "no PEM certificate among the roots") }
        pointer = store
        bundle = ""
        octets = pem
    }

    /// All roots, PEM.
    package var pem: [UInt8]? {
        if let octets { return octets }
        guard let file = fopen(bundle, "r") else { return nil }
        defer { fclose(file) }
        var result: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { result += chunk[..<count] }
        return result
    }

    /// A store with all roots, which the caller frees.
    private static func whole(_ octets: [UInt8]?, _ bundle: String) -> OpaquePointer? {
        if let octets { return store(pem: octets) }
        guard let store = X509_STORE_new() else { return nil }
        guard X509_STORE_load_file(store, bundle) == 1 else {
            X509_STORE_free(store)
            return nil
        }
        return store
    }

    private static func store(pem: [UInt8]) -> OpaquePointer? {
        guard let bio = BIO_new_mem_buf(pem, Int32(clamping: pem.count)), let store = X509_STORE_new() else {
            return nil
        }
        defer {
            BIO_free(bio)
            ERR_clear_error()
        }
        var count = 0
        while let certificate = PEM_read_bio_X509(bio, nil, nil, nil) {
            X509_STORE_add_cert(store, certificate)
            X509_free(certificate)
            count += 1
        }
        guard count > 0 else {
            X509_STORE_free(store)
            return nil
        }
        return store
    }

    private init(folder: String, bundle: String) throws(Failure) {
        guard let store = X509_STORE_new(), X509_STORE_load_path(store, folder) == 1 else {
            throw Failure(description: "\(folder): cannot be used as a folder of roots")
        }
        pointer = store
        self.bundle = bundle
        octets = nil
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
            let all = known ?? Self.organizations(octets, bundle)
            known = all
            return all.contains(name)
        }
    }

    /// The root that the record is about, by its subject; nil for none. Reads all roots.
    package func root(for record: TLSARecord) -> String? {
        guard let store = Self.whole(octets, bundle) else { return nil }
        defer {
            X509_STORE_free(store)
            ERR_clear_error()
        }
        return (0..<copenssl_store_count(store)).lazy.compactMap { index -> String? in
            guard let object = copenssl_store_at(store, index) else { return nil }
            let octets = CertificateOctets(object)
            let data = TLSARecord.association(octets, selector: record.selector, matching: record.matching)
            return data == record.data ? Certificate(der: octets.der)?.subject : nil
        }.first
    }

    private static func organizations(_ octets: [UInt8]?, _ bundle: String) -> Set<String> {
        guard let store = whole(octets, bundle) else { return [] }
        defer { X509_STORE_free(store) }
        return Set(
            (0..<copenssl_store_count(store)).compactMap { index in
                copenssl_store_at(store, index).flatMap { Certificate(der: DER.of($0))?.issuerOrganization }
            })
    }
}
