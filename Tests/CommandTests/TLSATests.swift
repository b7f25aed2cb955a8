import Foundation
@testable import LabKit
import Testing

/// `mailassay tlsa generate` against the tools that everybody makes these records with.
@Suite struct TLSATests {
    /// A folder with keys and certificates, made by openssl, removed at the end.
    private final class Workshop {
        let folder = NSTemporaryDirectory() + "mailassay-tlsa.\(UUID().uuidString)"

        init() throws {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }

        deinit { try? FileManager.default.removeItem(atPath: folder) }

        func run(_ script: String) throws -> (status: Int32, output: String, errors: String) {
            let own = ProcessInfo.processInfo.arguments[0]
            let programs = (own as NSString).deletingLastPathComponent
            try ("cd \(folder)\nPATH=\(programs):$PATH\n" + script).write(
                toFile: folder + "/script", atomically: true, encoding: .utf8)
            let process = try LabProcess.start(
                "/bin/bash", ["-c", "bash \(folder)/script > \(folder)/out 2> \(folder)/err < /dev/null"],
                log: "/dev/null")
            let status = process.wait()
            func text(_ name: String) -> String {
                (try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)) ?? ""
            }
            return (status, text("out"), text("err"))
        }

        /// The last field of the first line, the parentheses around it left out.
        func digest(_ script: String) throws -> String {
            let result = try run(script)
            let line = result.output.split(separator: "\n").last { $0.contains("TLSA") || $0.count > 40 } ?? ""
            let fields = line.split(separator: " ").filter { $0 != ")" }
            return String(fields.last ?? "nothing: \(result.errors)")
        }
    }

    static let keys = [
        "rsa:2048", "ec -pkeyopt ec_paramgen_curve:P-256", "ec -pkeyopt ec_paramgen_curve:P-384", "ed25519",
    ]

    @Test(arguments: keys)
    func theDigestIsTheOneOfTheUsualTools(key: String) throws {
        let workshop = try Workshop()
        let made = try workshop.run(
            """
            set -e
            openssl req -x509 -newkey \(key) -nodes -keyout key.pem -out cert.pem -days 90 -subj /CN=mx.example.com \
              -addext subjectAltName=DNS:mx.example.com
            openssl req -new -key key.pem -subj /CN=x -out request.pem
            openssl pkey -in key.pem -pubout -out public.pem
            openssl x509 -in cert.pem -outform DER -out cert.der
            """)
        #expect(made.status == 0, "\(made.errors)")
        for (hash, matching) in [("sha256", 1), ("sha512", 2)] {
            let pipeline = try workshop.digest(
                "openssl x509 -in cert.pem -noout -pubkey | openssl pkey -pubin -outform DER | openssl dgst -\(hash) -hex"
            )
            #expect(pipeline.count == (matching == 1 ? 64 : 128))
            for file in ["cert.pem", "key.pem", "request.pem", "public.pem", "cert.der"] {
                let own = try workshop.digest(
                    "mailassay tlsa generate \(file) --mx mx.example.com --matching \(matching)")
                #expect(own == pipeline, "\(file)")
            }
            let whole = try workshop.digest("openssl x509 -in cert.pem -outform DER | openssl dgst -\(hash) -hex")
            let own = try workshop.digest("mailassay tlsa generate cert.pem --selector 0 --matching \(matching)")
            #expect(own == whole)
            let slinger = try workshop.digest(
                "tlsa --create --certificate cert.pem --port 25 --usage 3 --selector 1 --mtype \(matching) --output rfc mx.example.com"
            )
            #expect(slinger == pipeline)
            let slingerWhole = try workshop.digest(
                "tlsa --create --certificate cert.pem --port 25 --usage 3 --selector 0 --mtype \(matching) --output rfc mx.example.com"
            )
            #expect(slingerWhole == whole)
            let danetool = try workshop.digest(
                "danetool --tlsa-rr --host mx.example.com --port 25 --hash \(hash) --load-certificate cert.pem")
            #expect(danetool == pipeline)
        }
        let line = try workshop.run("mailassay tlsa generate cert.pem --ttl 600").output
        #expect(line.hasPrefix("_25._tcp.mx.example.com. 600 IN TLSA 3 1 1 "))
        let update = try workshop.run("mailassay tlsa generate cert.pem --format nsupdate --port 587").output
        #expect(update.hasPrefix("update add _587._tcp.mx.example.com. 3600 IN TLSA 3 1 1 "))
        #expect(update.hasSuffix("\nsend\n"))
    }

    @Test func theIssuerIsTakenFromTheChain() throws {
        let workshop = try Workshop()
        let made = try workshop.run(
            """
            set -e
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -days 90 -subj /CN=ca
            openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out r.pem -subj /CN=mx
            openssl x509 -req -in r.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -out leaf.pem \
              -extfile <(printf 'basicConstraints=CA:FALSE\\nsubjectAltName=DNS:mx.example.com')
            cat leaf.pem ca.pem > chain.pem
            cat key.pem leaf.pem ca.pem > postfix.pem
            """)
        #expect(made.status == 0, "\(made.errors)")
        for (selector, command) in [
            (0, "openssl x509 -in ca.pem -outform DER"),
            (1, "openssl x509 -in ca.pem -noout -pubkey | openssl pkey -pubin -outform DER"),
        ] {
            let wanted = try workshop.digest("\(command) | openssl dgst -sha256 -hex")
            for file in ["chain.pem", "postfix.pem"] {
                let own = try workshop.digest("mailassay tlsa generate \(file) --usage 2 --selector \(selector)")
                #expect(own == wanted)
            }
        }
        let alone = try workshop.run("mailassay tlsa generate leaf.pem --usage 2")
        #expect(alone.status == 3)
        #expect(alone.errors.contains("no issuer's certificate"))
        #expect(alone.output == "")
    }

    /// What is wrong, the file's text as a shell makes it, and what must be said.
    @Test(
        arguments: [
            ("openssl pkey -in key.pem -aes128 -passout pass:x", "f.pem: an encrypted private key at offset 0"),
            (
                "openssl rsa -in rsa.pem -traditional -aes128 -passout pass:xx",
                "f.pem: an encrypted rsa private key at offset 0"
            ),
            (
                "cat cert.pem other.pem",
                "f.pem: two certificates that are no issuer's, CN=mx at offset 0 and CN=other at offset "
            ),
            ("cat cert.pem cert.pem", "f.pem: the certificate CN=mx twice, at offset 0 and at offset "),
            ("cat other.pem key.pem", "f.pem: the private key at offset "),
            ("cat key.pem rsa.pem", "f.pem: a private key at offset 0 and a private key at offset "),
            (
                "cat ca.pem cert.pem",
                "f.pem: the issuer CN=ca at offset 0 stands before the certificate CN=mx at offset "
            ),
            (
                "cat cert.pem stranger.pem",
                "f.pem: two certificates that do not belong together, CN=mx at offset 0 and CN=stranger"
            ),
            ("echo hello; cat cert.pem", "f.pem: \"hello\" at offset 0 is no PEM"),
            ("cat cert.pem; echo bye", "f.pem: \"bye\" at offset "),
            ("openssl x509 -in cert.pem -text", "f.pem: \"Certificate:\" at offset 0 is no PEM"),
            ("openssl x509 -in cert.pem -outform DER", "f.pem: a DER certificate at offset 0 where PEM was expected"),
            ("openssl pkey -in key.pem -outform DER", "f.pem: a DER private key at offset 0 where PEM was expected"),
            ("sed s/CERTIFICATE/'PRIVATE KEY'/ cert.pem", "f.pem: \"PRIVATE KEY\" at offset 0 cannot be read"),
            ("head -5 cert.pem", "f.pem: \"CERTIFICATE\" at offset 0 has no end"),
            ("sed 5s/./*/ cert.pem", "f.pem: \"CERTIFICATE\" at offset 0 is not base64"),
            (
                "openssl crl2pkcs7 -nocrl -certfile cert.pem",
                "f.pem: \"PKCS7\" at offset 0, which is no certificate, key or request"
            ),
            ("true", "f.pem: holds nothing"),
            ("head -c 3000 /dev/urandom | sed s/^/x/", "f.pem: \"x"),
        ])
    func aFileThatIsNotWhatIsWantedIsRefused(script: String, words: String) throws {
        let workshop = try Workshop()
        let made = try workshop.run(
            """
            set -e
            new="openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 90"
            $new -keyout ca.key -out ca.pem -subj /CN=ca
            $new -keyout stranger.key -out stranger.pem -subj /CN=stranger
            openssl genrsa -out rsa.pem 2048
            for name in mx other; do
              openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout $name.key -out r.pem -subj /CN=$name
              openssl x509 -req -in r.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -out $name.pem \
                -extfile <(printf basicConstraints=CA:FALSE)
            done
            mv mx.pem cert.pem; mv mx.key key.pem
            { \(script); } > f.pem
            """)
        #expect(made.status == 0, "\(made.errors)")
        let result = try workshop.run("mailassay tlsa generate f.pem --mx mx.example.com")
        #expect(result.status == 3)
        #expect(result.output == "")
        #expect(result.errors.hasPrefix("mailassay: \(words)"), "\(result.errors)")
        #expect(result.errors.split(separator: "\n").count == 1)
    }

    @Test(
        arguments: [
            (["generate", "nothing.pem"], "no such file"),
            (["generate", "key"], "no such file, and no host name with a dot"),
            (["generate", "/nonexistent/cert"], "/nonexistent/cert: No such file"),
            (["generate", "/dev/null", "--usage", "0"], "--usage 0: mail uses 3 (DANE-EE) and 2 (DANE-TA) alone"),
            (["generate", "/dev/null", "--usage", "1"], "--usage 1: mail uses"),
            (["generate", "/dev/null", "--selector", "2"], "--selector 2: use 0 or 1"),
            (["generate", "/dev/null", "--matching", "3"], "--matching 3: use 0, 1 or 2"),
            (["generate", "/dev/null", "--ttl", "-1"], "--ttl"),
            (["generate", "/dev/null", "--format", "xml"], "--format \"xml\": use zone, nsupdate or json"),
            (["check", "mx.example.com", "--cert", "/dev/null"], "/dev/null: holds nothing"),
            (["check", "mx.example.com", "--port", "465"], "--port 465: TLS without STARTTLS"),
            (["check", "192.0.2.1"], "this is an IP address"),
            (["plan", "mx.example.com"], "Missing expected argument '--next-key"),
            (["plan", "mx.example.com", "--next-key", "/dev/null"], "/dev/null: holds nothing"),
            (["plan", "mx.example.com", "--next-key", "/dev/null", "--since", "today"], "--since \"today\""),
        ])
    func badArgumentsAreNamed(arguments: [String], words: String) throws {
        let workshop = try Workshop()
        let result = try workshop.run("mailassay tlsa " + arguments.map { "'\($0)'" }.joined(separator: " "))
        #expect(result.status == 3)
        #expect(result.errors.contains(words), "\(result.errors)")
        #expect(result.output == "")
    }
}
