import COpenSSL
import Foundation

/// Postfix, Exim and nginx as they come from Debian, unpacked beside each other since their packages conflict.
struct RealServers {
    /// A host that a real server plays.
    struct MailService {
        let name: String
        let address: String
        let identity: CertificateMaker.Identity
    }

    struct PolicyService {
        let name: String
        let addresses: [String]
        let identity: CertificateMaker.Identity
        let policy: String
    }

    let folder: String
    /// Where the packages were unpacked.
    let packages: String

    /// Why real mail servers cannot run here; nil where they can.
    static func obstacle(packages: String) -> String? {
        if geteuid() != 0 { return "Postfix needs root" }
        for program in ["usr/lib/postfix/sbin/master", "usr/sbin/exim4"]
        where access("\(packages)/\(program)", X_OK) != 0 {
            return "\(packages)/\(program) is not there; make deps-test unpacks it"
        }
        return nil
    }

    /// The accounts that the servers insist on, in this mount namespace alone.
    func prepareAccounts() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for (file, lines) in [
            ("passwd", "postfix:x:941:941::/nonexistent:/bin/false\nDebian-exim:x:943:943::/nonexistent:/bin/false\n"),
            ("group", "postfix:x:941:\npostdrop:x:942:\nDebian-exim:x:943:\n"),
        ] {
            let names = lines.split(separator: "\n").map { String($0.prefix { $0 != ":" }) + ":" }
            let own = try String(contentsOfFile: "/etc/\(file)", encoding: .utf8).split(separator: "\n")
                .filter { line in !names.contains { line.hasPrefix($0) } }.joined(separator: "\n")
            try (own + "\n" + lines).write(toFile: "\(folder)/\(file)", atomically: true, encoding: .utf8)
            _ = try LabProcess.output("mount", ["--bind", "\(folder)/\(file)", "/etc/\(file)"])
        }
    }

    private var environment: [String: String] {
        [
            "LD_LIBRARY_PATH":
                "\(packages)/usr/lib/postfix:\(packages)/usr/lib/x86_64-linux-gnu:\(packages)/usr/lib/aarch64-linux-gnu"
        ]
    }

    // MARK: Postfix

    /// Starts Postfix and gives what ends it.
    func startPostfix(_ service: MailService) throws -> LabProcess {
        let home = "\(folder)/postfix"
        for name in ["etc", "queue", "data", "meta"] {
            try FileManager.default.createDirectory(atPath: "\(home)/\(name)", withIntermediateDirectories: true)
        }
        try service.identity.writePEM(to: "\(home)/chain.pem")
        chown("\(home)/data", 941, 941)
        for file in ["etc/postfix/postfix-files", "usr/share/postfix/main.cf.debian"] {
            let name = (file as NSString).lastPathComponent
            try? FileManager.default.copyItem(atPath: "\(packages)/\(file)", toPath: "\(home)/meta/\(name)")
        }
        try """
        compatibility_level = 3.6
        queue_directory = \(home)/queue
        data_directory = \(home)/data
        meta_directory = \(home)/meta
        command_directory = \(packages)/usr/sbin
        daemon_directory = \(packages)/usr/lib/postfix/sbin
        shlib_directory = \(packages)/usr/lib/postfix
        sendmail_path = \(packages)/usr/sbin/sendmail
        mailq_path = \(packages)/usr/bin/mailq
        newaliases_path = \(packages)/usr/bin/newaliases
        mail_owner = postfix
        setgid_group = postdrop
        inet_interfaces = 127.0.0.1
        inet_protocols = ipv4
        myhostname = \(service.name)
        mydestination =
        alias_maps =
        local_recipient_maps =
        smtpd_tls_security_level = may
        smtpd_tls_chain_files = \(home)/chain.pem
        smtpd_peername_lookup = no
        smtpd_client_connection_rate_limit = 0
        smtpd_client_connection_count_limit = 0
        disable_vrfy_command = yes
        import_environment = MAIL_CONFIG MAIL_DEBUG MAIL_LOGTAG TZ LANG=C LD_LIBRARY_PATH POSTLOG_SERVICE POSTLOG_HOSTNAME
        maillog_file = \(home)/mail.log
        maillog_file_prefixes = \(home)

        """.write(toFile: "\(home)/etc/main.cf", atomically: true, encoding: .utf8)
        try """
        \(service.address):25 inet n - n - - smtpd
        tlsmgr unix - - n 1000? 1 tlsmgr
        rewrite unix - - n - - trivial-rewrite
        cleanup unix n - n - 0 cleanup
        qmgr unix n - n 300 1 qmgr
        bounce unix - - n - 0 bounce
        anvil unix - - n - 1 anvil
        proxymap unix - - n - - proxymap
        postlog unix-dgram n - n - 1 postlogd

        """.write(toFile: "\(home)/etc/master.cf", atomically: true, encoding: .utf8)
        let log = "\(home)/start.log"
        let start = try LabProcess.start(
            "\(packages)/usr/sbin/postfix", ["-c", "\(home)/etc", "start-fg"], log: log, environment: environment)
        try waitForPort(service.address, 25, "Postfix", log)
        return start
    }

    // MARK: Exim

    func startExim(_ service: MailService) throws -> LabProcess {
        let home = "\(folder)/exim"
        for name in ["spool", "log"] {
            try FileManager.default.createDirectory(atPath: "\(home)/\(name)", withIntermediateDirectories: true)
            chown("\(home)/\(name)", 943, 943)
        }
        try service.identity.writePEM(to: "\(home)/chain.pem")
        chown("\(home)/chain.pem", 943, 943)
        try """
        primary_hostname = \(service.name)
        daemon_smtp_ports = 25
        smtp_accept_max = 500
        smtp_connect_backlog = 200
        local_interfaces = \(service.address)
        tls_advertise_hosts = *
        tls_certificate = \(home)/chain.pem
        tls_privatekey = \(home)/chain.pem
        spool_directory = \(home)/spool
        log_file_path = \(home)/log/%slog
        pid_file_path = \(home)/spool/exim.pid
        host_lookup =
        rfc1413_query_timeout = 0s
        acl_smtp_rcpt = deny
        begin acl
        deny:
          deny
        begin routers
        begin transports

        """.write(toFile: "\(home)/exim.conf", atomically: true, encoding: .utf8)
        let log = "\(home)/start.log"
        let process = try LabProcess.start(
            "\(packages)/usr/sbin/exim4", ["-C", "\(home)/exim.conf", "-bdf"], log: log, environment: environment)
        try waitForPort(service.address, 25, "Exim", log)
        return process
    }

    // MARK: nginx

    func startNginx(_ services: [PolicyService]) throws -> LabProcess {
        let home = "\(folder)/nginx"
        var servers = ""
        for (index, service) in services.enumerated() {
            let root = "\(home)/\(index)/.well-known"
            try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
            try service.policy.write(toFile: "\(root)/mta-sts.txt", atomically: true, encoding: .utf8)
            try service.identity.writePEM(to: "\(home)/\(index).pem")
            let listen = service.addresses.map { "listen \($0.contains(":") ? "[\($0)]" : $0):443 ssl;" }.joined(
                separator: " ")
            servers += """
                server { \(listen) server_name \(service.name); ssl_certificate \(home)/\(index).pem;
                ssl_certificate_key \(home)/\(index).pem; root \(home)/\(index); types { text/plain txt; } }

                """
        }
        // A root without privileges over other users cannot change to nginx's own.
        try """
        daemon off;
        user root;
        worker_processes 1;
        pid \(home)/pid;
        error_log \(home)/error.log;
        events { worker_connections 64; }
        http {
        access_log off;
        client_body_temp_path \(home)/t1; proxy_temp_path \(home)/t2; fastcgi_temp_path \(home)/t3;
        uwsgi_temp_path \(home)/t4; scgi_temp_path \(home)/t5;
        \(servers)
        }

        """.write(toFile: "\(home)/nginx.conf", atomically: true, encoding: .utf8)
        let log = "\(home)/start.log"
        let process = try LabProcess.start("nginx", ["-e", "\(home)/error.log", "-c", "\(home)/nginx.conf"], log: log)
        try waitForPort(services[0].addresses[0], 443, "nginx", log)
        return process
    }

    // MARK: Test servers of other TLS libraries

    func start(_ program: TLSProgram, _ identity: CertificateMaker.Identity, port: UInt16) throws -> LabProcess {
        let home = "\(folder)/tls-\(port)"
        // A database that is there already would be asked for its password.
        try? FileManager.default.removeItem(atPath: home)
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        let process = try program.start(identity, port: port, home: home, packages: packages)
        try waitForPort("127.0.0.1", port, "\(program)", "\(home)/start.log")
        return process
    }

    private func waitForPort(_ address: String, _ port: UInt16, _ what: String, _ log: String) throws {
        let deadline = Date().addingTimeInterval(15)
        while Date() < deadline {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(descriptor) }
            if Socket.with(address, port, { connect(descriptor, $0, $1) }) == 0 { return }
            usleep(50_000)
        }
        throw LabError("\(what) does not listen at \(address), port \(port): see \(log)")
    }
}

extension CertificateMaker.Identity {
    /// Key, certificate and chain in one file.
    func writePEM(to path: String) throws {
        guard let bio = BIO_new_file(path, "w") else { throw LabError("\(path): cannot be written") }
        defer { BIO_free(bio) }
        PEM_write_bio_PrivateKey(bio, key, nil, nil, 0, nil, nil)
        for entry in [certificate] + chain { PEM_write_bio_X509(bio, entry) }
        chmod(path, 0o600)
    }
}
