import Foundation
import LabKit
import Testing

/// The TLSA commands where servers answer them.
@Suite struct ToolboxTests {
    /// Output of a script in a lab of its own; nil where no lab can run.
    private func run(_ script: (_ lab: String) -> String) async throws -> String? {
        let folder = NSTemporaryDirectory() + "mailassay-toolbox.\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let world = folder + "/world"
        try "export PATH=\(LabRun.programs):$PATH\n\(script(world))\n".write(
            toFile: folder + "/script", atomically: true, encoding: .utf8)
        let process = try LabProcess.start(
            "\(LabRun.programs)/mailassay-lab",
            ["exec", "--dir", world, "--", "/bin/bash", "-c", "bash \(folder)/script > \(folder)/out 2>&1"],
            log: folder + "/log")
        _ = await LabRun.offPool { process.wait() }
        let log = (try? String(contentsOfFile: folder + "/log", encoding: .utf8)) ?? ""
        guard log.contains("domains up") else {
            if ProcessInfo.processInfo.environment["MAILASSAY_CI"] == "1" {
                Issue.record("the lab cannot run: \(log.suffix(2000))")
            } else {
                print("skipped: the lab cannot run: \(log.suffix(200))")
            }
            return nil
        }
        return try String(contentsOfFile: folder + "/out", encoding: .utf8)
    }

    /// Asked in the lab: arguments, exit status, and what the output must hold.
    private static let questions: [(arguments: String, status: Int, words: String)] = [
        ("check mx1.exemplary.lab", 0, "ok   193.18.0.1 ecdsa"),
        (
            "check mx1.exemplary.lab --format nagios", 0,
            "TLSA OK - _25._tcp.mx1.exemplary.lab 2 of 2 match | matched=2;;;0;2"
        ),
        ("check mx1.exemplary.lab --format json", 0, "\"result\" : \"matches\""),
        ("check mx1.danewrong.lab", 1, "matches no record; 3 1 1 "),
        ("check mx1.danewrong.lab --format nagios", 2, "TLSA CRITICAL - "),
        ("check mx1.danedualone.lab", 1, " rsa, until "),
        ("check mx1.danetaname.lab", 1, "name_mismatch"),
        ("check mx1.dane211.lab", 0, "matches 2 1 1 "),
        ("check mx1.danenotls.lab", 0, "ok  "),
        ("check mx2.danenotls.lab", 1, "does not offer STARTTLS"),
        ("check mx1.nodane.lab", 0, "no TLSA records"),
        ("check mx1.nodane.lab --require", 1, "no TLSA records"),
        ("check mx1.daneunsigned.lab", 0, "TLSA records without DNSSEC"),
        ("check mx1.danepkix.lab", 0, "no TLSA record is usable"),
        ("check mx2.danebogus.lab", 1, "the TLSA lookup fails"),
        ("check mx2.daneservfail.lab", 1, "servfail"),
        ("check nowhere.exemplary.lab", 2, "NXDOMAIN"),
        ("check nowhere.exemplary.lab --format nagios", 3, "TLSA UNKNOWN - "),
        ("generate nowhere.exemplary.lab", 2, "NXDOMAIN"),
        ("generate mx1.exemplary.lab", 0, "_25._tcp.mx1.exemplary.lab. 3600 IN TLSA 3 1 1 "),
        ("generate mx1.danenext.lab --usage 2", 2, "no issuer's certificate"),
        ("check mx1.exemplary.lab --cert new.pem", 1, "FAIL ns.lab [193.17.255.1] ecdsa"),
        ("check mx1.danenext.lab --cert same.pem", 0, "ok   ns.lab [193.17.255.1] ecdsa"),
        ("plan mx1.exemplary.lab --next-key new.key", 0, "update add _25._tcp.mx1.exemplary.lab. 300 IN TLSA 3 1 1 "),
        ("plan mx1.exemplary.lab --next-key new.key --verify", 0, "Step 1 may be taken now"),
        ("plan mx1.exemplary.lab --next-key same.pem --verify", 0, "Done"),
        ("plan mx1.danenext.lab --next-key same.pem --verify", 0, "Step 4 may be taken now"),
        ("plan nowhere.exemplary.lab --next-key new.key", 2, "NXDOMAIN"),
    ]

    @Test func theExitStatusSaysWhatIsTrue() async throws {
        let output = try await run { lab in
            let setup = """
                cd \(lab)
                openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout new.key -out new.pem -days 9 \
                  -subj /CN=mx1.exemplary.lab 2>/dev/null
                openssl s_client -starttls smtp -connect 193.18.0.1:25 -servername mx1.exemplary.lab </dev/null 2>/dev/null |
                  openssl x509 -out same.pem
                """
            let asked = Self.questions.map { question in
                let (command, rest) = (question.arguments.prefix { $0 != " " }, question.arguments.drop { $0 != " " })
                return "echo '>>> \(question.arguments)'; mailassay tlsa \(command)\(rest) $MAILASSAY_LAB_OPTIONS; "
                    + "echo \"<<< $?\""
            }
            return ([setup] + asked).joined(separator: "\n")
        }
        guard let output else { return }
        let answers = output.components(separatedBy: ">>> ").dropFirst()
        #expect(answers.count == Self.questions.count)
        for (question, answer) in zip(Self.questions, answers) {
            #expect(answer.contains("<<< \(question.status)\n"), "\(answer)")
            #expect(answer.contains(question.words), "\(answer)")
        }
    }

    /// Domain and options of `spf check`, exit status, and what the output must hold.
    private static let clients: [(arguments: String, status: Int, words: String)] = [
        ("spfgood.lab --ip 193.17.60.7", 0, "ip4:193.17.60.0/24  matches"),
        ("spfgood.lab --ip 193.17.61.1", 0, "a:out.spfgood.lab  matches  [3 of 10 lookups]"),
        ("spfgood.lab --ip 198.51.100.1", 0, "spfgood.lab: softfail"),
        ("spfgood.lab --ip 2a0f:1ab:60::25 --format json", 0, "\"result\" : \"pass\""),
        ("spfredirected.lab --ip 198.51.100.1", 1, "redirect=_spf.spfgood.lab  goes on at"),
        (
            "spfexp.lab --ip 198.51.100.1 --from joe", 1,
            "The domain explains: 198.51.100.1 does not send for spfexp.lab"
        ),
        ("spfnone.lab --ip 198.51.100.1", 0, "no SPF record at spfnone.lab: none"),
        ("spfneutral.lab --ip 198.51.100.1", 0, "spfneutral.lab: neutral"),
        ("spfsyntax.lab --ip 198.51.100.1", 1, "malformed: ipv4:193.17.60.1 (unknown_mechanism): permerror"),
        ("spfmany.lab --ip 198.51.100.1", 1, "more than 10 lookups: permerror"),
        ("spfvoid.lab --ip 198.51.100.1", 1, "more than 2 lookups that find nothing: permerror"),
        ("spfloop.lab --ip 198.51.100.1", 1, "spfloop.lab: permerror"),
        ("spfincludefail.lab --ip 198.51.100.1", 2, "temperror"),
        (
            "spfgood.lab --ip 198.51.100.1 --from 'a b@elsewhere.lab' --helo x.lab", 0,
            "sender a b@elsewhere.lab, HELO x.lab"
        ),
        ("spfgood.lab --ip 198.51.100", 3, "--ip \"198.51.100\": not an IP address"),
        ("spfgood.lab --ip 198.51.100.1 --format xml", 3, "use text or json"),
    ]

    @Test func clientsAreCheckedAsAReceiverWould() async throws {
        let output = try await run { _ in
            Self.clients.map { client in
                "echo '>>> '; mailassay spf check \(client.arguments) $MAILASSAY_LAB_OPTIONS; echo \"<<< $?\""
            }.joined(separator: "\n")
        }
        guard let output else { return }
        let answers = output.components(separatedBy: ">>> ").dropFirst()
        #expect(answers.count == Self.clients.count)
        for (client, answer) in zip(Self.clients, answers) {
            #expect(answer.contains("<<< \(client.status)\n"), "\(client.arguments): \(answer)")
            #expect(answer.contains(client.words), "\(client.arguments): \(answer)")
        }
    }

    /// A key changes under a real Postfix, by a real certbot, and at no moment can a DANE sender not deliver.
    @Test func aKeyIsChangedWithoutAMomentOfFailure() async throws {
        let packages = LabTests.root.appendingPathComponent(".build/lab-packages").path
        let output = try await run { lab in
            "bash \(LabTests.root.path)/Tests/LabTests/change-of-key.sh \(lab) \(packages) \(LabTests.root.path)"
        }
        guard let output else { return }
        #expect(
            output == """
                before: deliverable 0, records 1
                issued: deliverable 0, records 2
                new key 75: deliverable 0, records 2
                new key 75: deliverable 0, records 1
                new key 0: deliverable 0, records 1
                the record is the new key's
                the old record is gone
                same key: deliverable 0, records 1
                the certificate is another
                the key is the same
                acme.sh's hook took it
                acme.sh 75: deliverable 0, records 2
                acme.sh 75: deliverable 0, records 1
                acme.sh 0: deliverable 0, records 1

                """)
    }
}
