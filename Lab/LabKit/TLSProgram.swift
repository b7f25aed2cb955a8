import COpenSSL
import Foundation

/// Another library's test server, which does the TLS behind STARTTLS: the scripted server hands the connection on to it.
/// What it says inside TLS is not SMTP.
enum TLSProgram: Sendable, Hashable {
    /// GnuTLS's, with a priority string.
    case gnutls(priority: String)
    /// NSS's selfserv, with a range of versions as it writes them.
    case nss(versions: String)

    /// Starts it on this port of the loopback address.
    func start(
        _ identity: CertificateMaker.Identity, port: UInt16, home: String, packages: String
    ) throws -> LabProcess {
        let log = "\(home)/start.log"
        switch self {
        case .gnutls(let priority):
            try identity.writePEM(to: "\(home)/chain.pem")
            return try LabProcess.start(
                "gnutls-serv",
                [
                    "--quiet", "--echo", "--port", "\(port)", "--disable-client-cert", "--priority", priority,
                    "--x509certfile", "\(home)/chain.pem", "--x509keyfile", "\(home)/chain.pem",
                ], log: log)
        case .nss(let versions):
            let tools = "\(packages)/usr/bin"
            try identity.writePKCS12(to: "\(home)/identity.p12", nickname: "server")
            let database = ["-d", "sql:\(home)"]
            _ = try LabProcess.output("\(tools)/certutil", ["-N", "--empty-password"] + database)
            _ = try LabProcess.output(
                "\(tools)/pk12util", ["-i", "\(home)/identity.p12", "-W", "", "-K", ""] + database)
            let option = EVP_PKEY_get_base_id(identity.key) == EVP_PKEY_EC ? "-e" : "-n"
            return try LabProcess.start(
                "\(tools)/selfserv", database + ["-p", "\(port)", option, "server", "-V", versions], log: log)
        }
    }
}

extension CertificateMaker.Identity {
    /// Key, certificate and chain for NSS, without a password.
    fileprivate func writePKCS12(to path: String, nickname: String) throws {
        let stack = copenssl_chain_new()
        defer { copenssl_chain_free(stack) }
        for entry in chain { _ = copenssl_chain_push(stack, entry) }
        guard let store = PKCS12_create("", nickname, key, certificate, stack, 0, 0, 0, 0, 0),
            let bio = BIO_new_file(path, "w")
        else { throw LabError("\(path): cannot be written") }
        defer {
            BIO_free(bio)
            PKCS12_free(store)
        }
        i2d_PKCS12_bio(bio, store)
    }
}
