import AssayModel
import AssayReports
import Foundation
import LabKit
import Testing

/// Messages that other people's software signed must verify; altered ones must not, for the right reason; hostile ones must end.
@Suite struct DKIMMessageTests {
    /// The reason why the only signature does not pass; nil for a pass.
    static let expected: [(message: String, reasons: [String?])] = [
        ("good-simple-simple", [nil]), ("good-simple-relaxed", [nil]), ("good-relaxed-simple", [nil]),
        ("good-relaxed-relaxed", [nil]), ("good-edwards", [nil]), ("good-edwards-simple", [nil]),
        ("good-both", [nil, nil]), ("good-length", [nil]), ("good-length-more", [nil]), ("good-lf", [nil]),
        ("good-empty", [nil]), ("good-empty-simple", [nil]), ("good-no-body", [nil]), ("good-last-line", [nil]),
        ("good-oversigned", [nil]), ("good-received", [nil]), ("good-spaces", [nil]), ("good-mbox", [nil]),
        ("good-opendkim-relaxed-relaxed", [nil]), ("good-opendkim-relaxed-simple", [nil]),
        ("good-opendkim-simple-simple", [nil]), ("good-opendkim-simple-relaxed", [nil]),
        ("bad-opendkim-body", ["body_hash"]), ("bad-opendkim-header", ["signature"]),
        ("bad-body", ["body_hash"]), ("bad-header", ["signature"]), ("bad-added", ["signature"]),
        ("bad-wrong", ["signature"]), ("bad-cut", ["signature"]), ("bad-expired", ["expired"]), ("bad-sha1", ["sha1"]),
        ("bad-testmsg", ["sha1"]), ("bad-missing", ["key_missing"]), ("bad-kind", ["key_kind"]),
        ("bad-short", ["key_short"]), ("bad-revoked", ["key_revoked"]), ("bad-from", ["from_unsigned"]),
        ("bad-length", ["body_short"]),
    ]

    private static func run(_ command: String, in folder: String) throws {
        let process = try LabProcess.start(
            "/bin/bash", ["-c", "cd \(folder) && " + command], log: "\(folder)/sign.log")
        let status = process.wait()
        #expect(status == 0, "\((try? String(contentsOfFile: "\(folder)/sign.log", encoding: .utf8)) ?? "")")
    }

    private static func text(_ path: String) throws -> String {
        try String(contentsOfFile: path, encoding: .utf8).filter { !$0.isWhitespace }
    }

    private static func record(_ domain: String, _ selector: String, _ text: String) -> Amendment {
        let strings = stride(from: 0, to: text.count, by: 250).map { "\"\(text.dropFirst($0).prefix(250))\"" }
        return Amendment(
            domain: domain, owner: "\(selector)._domainkey", record: "TXT " + strings.joined(separator: " "))
    }

    @Test func messages() async throws {
        try await DKIMLabTests.withFolder { folder in
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path
            try Self.run(
                """
                for key in rsa wrong; do openssl genrsa -out $key.pem 2048; done; openssl genrsa -out short.pem 512
                for key in rsa short; do openssl rsa -in $key.pem -pubout -outform DER | base64 -w0 > $key.p; done
                /usr/bin/python3 \(here)/sign.py && /usr/bin/python3 \(here)/sign-opendkim.py || exit 1
                sed 's/^Hello/Hallo/' good-opendkim-simple-simple.eml > bad-opendkim-body.eml
                sed 's/^Date: Tue/Date: Wed/' good-opendkim-relaxed-relaxed.eml > bad-opendkim-header.eml
                { opendkim-testmsg -C -d exemplary.lab -s rsa -k rsa.pem < plain; } > bad-testmsg.eml
                """, in: folder)
            let rsa = "v=DKIM1; k=rsa; p=\(try Self.text("\(folder)/rsa.p"))"
            let records = [
                Self.record("exemplary.lab", "rsa", rsa), Self.record("nodane.lab", "rsa", rsa),
                Self.record("exemplary.lab", "ed", "v=DKIM1; k=ed25519; p=\(try Self.text("\(folder)/edwards.p"))"),
                Self.record("exemplary.lab", "short", "v=DKIM1; p=\(try Self.text("\(folder)/short.p"))"),
                Self.record("exemplary.lab", "revoked", "v=DKIM1; p="),
            ]
            let command = """
                for m in *.eml; do
                  timeout 60 $M scan exemplary.lab $O --checker DKIM --fail-on none --message $m -o ${m%.eml}.json || exit 1
                done
                $M scan exemplary.lab $O --checker DKIM --fail-on none --message good-relaxed-relaxed.eml --format text > good.txt
                """
            guard try DKIMLabTests.lab(command, records: records, in: folder) != nil else { return }
            for (message, reasons) in Self.expected {
                let report = try DKIMLabTests.report("\(folder)/\(message).json")
                let facts = report.observations.filter { $0.fact == "dkim.signature" }
                let found = facts.map { fact -> String? in
                    if case .string(let reason) = fact.outcome.value?[path: "reason"] { reason } else { nil }
                }
                #expect(found == reasons, "\(message)")
                let results = facts.map { $0.outcome.value?[path: "result"] }
                #expect(results.allSatisfy { ($0 == .string("pass")) == message.hasPrefix("good") }, "\(message)")
                let ids = Set(report.findings.map(\.id))
                #expect(ids.contains("email.dkim_message_pass") == message.hasPrefix("good"), "\(message)")
                #expect(ids.contains("email.dkim_message_spf_decides") == message.hasPrefix("bad"), "\(message)")
            }
            try check("bad-unsigned", "email.dkim_message_unsigned", in: folder)
            try check("bad-unaligned", "email.dkim_message_unaligned", in: folder)
            try check("bad-two-from", "email.dkim_message_author", in: folder)
            try check("good-length-more", "email.dkim_signature_l", in: folder)
            try check("hostile-many", "email.dkim_message_limit", in: folder)
            try check("hostile-header", "email.dkim_message_limit", in: folder)
            try check("hostile-empty", "email.dkim_message_author", in: folder)
            let text = try String(contentsOfFile: "\(folder)/good.txt", encoding: .utf8)
            #expect(text.contains("The message passes DMARC by its signature"))
        }
    }

    private func check(_ message: String, _ finding: String, in folder: String) throws {
        let report = try DKIMLabTests.report("\(folder)/\(message).json")
        #expect(report.findings.contains { $0.id == finding }, "\(message)")
    }
}
