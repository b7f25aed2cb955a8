import AssayModel

/// Name servers to which registrars point domains that are not the holder's any more, or not yet again.
///
/// As of 2026-11. Each is named by its registrar's or reseller's own help page or by several public collections; a name that
/// also serves living domains (parking, default name servers) has no place here.
enum PlaceholderServers {
    /// Names, and everything below them.
    static let names = [
        // Web.com and Network Solutions: past the grace period.
        "pendingrenewaldeletion.com", "renewyourname.net",
        // Enom and its resellers.
        "renewyourdomain.net",
        // GMO, Onamae.com.
        "onamae-expired.com",
        // NameBright.
        "expired1.namebrightdns.com", "expired2.namebrightdns.com",
        // Alibaba Cloud, HiChina.
        "expirens3.hichina.com", "expirens4.hichina.com",
        // Namecheap: the holder's address was not confirmed, and the domain is switched off.
        "failed-whois-verification.namecheap.com",
    ].compactMap { DomainName($0) }

    static func contains(_ server: DomainName) -> Bool { names.contains { server.isEqualOrBelow($0) } }
}
