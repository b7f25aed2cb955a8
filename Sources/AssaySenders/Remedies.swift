extension Simulator.Cell {
    /// The finding of this report whose remedy improves the cell most cheaply; nil where none does.
    package func fix(among findings: Set<String>) -> String? {
        guard isRead || outcome == .defer && attack == .none || outcome == .bounce && attack == .none || isWeak else {
            return nil
        }
        return candidates.lazy.map { "email.\($0)" }.first(where: findings.contains)
    }

    /// Delivered without knowing to whom, with nobody attacking.
    private var isWeak: Bool { attack == .none && (outcome == .clear || outcome == .unauth) }

    /// Finding ids without `email.`, cheapest first.
    private var candidates: [String] {
        switch reason {
        case .noTLS: ["starttls_absent", "starttls_selective", "starttls_handshake_fail"] + protection
        case .tlsaMismatch:
            [
                "dane_digest_of_empty", "dane_placeholder", "dane_would_match_other_params", "dane_sni_mismatch",
                "dane_ta_not_in_chain", "dane_ta_name_mismatch", "dane_ta_expired", "dane_ta_constraints",
                "dane_combo_incoherent", "dane_tlsa_no_mx",
            ]
        case .tlsaError: ["dane_tlsa_bogus", "dane_tlsa_lookup_error", "dnssec_tlsa_query_mishandled"]
        case .notInPolicy: ["mta_sts_mx_not_in_policy"]
        case .certificate: ["cert_expired", "cert_name_mismatch", "cert_chain_incomplete", "mta_sts_mx_cert_invalid"]
        case .noDANE:
            ["dane_none_usable", "dane_partial_mx", "dane_tlsa_insecure", "dane_insecure_address", "dane_tlsa_missing"]
        case .insecureMX: ["dnssec_insecure", "dane_insecure_mx_rrset"]
        case .noProtection: ["dane_none_usable"] + protection
        case .partialDANE: ["dane_partial_mx_equal_pref", "dane_partial_mx"]
        case .forgedDNS: ["dane_insecure_mx_rrset", "dane_hosted_mx_unsigned", "dane_insecure_address"] + protection
        case .policyHidden: ["dane_tlsa_missing", "dane_partial_mx"]
        case .authorityTrusted: ["dane_ta_public_ca_intermediate", "dane_tlsa_missing"]
        case .noConnection: ["smtp_connect_refused", "smtp_connect_timeout", "mx_none_no_address"]
        case .lookupError: ["dnssec_bogus", "dnssec_indeterminate", "mx_lookup_error"]
        case .nowhere: ["mx_nxdomain", "mx_none_no_address"]
        case .noREQUIRETLS: ["starttls_requiretls"]
        case .delivered, .nullMX, .dnssecLost: []
        }
    }

    /// What would make this sender insist.
    private var protection: [String] {
        let sts = ["mta_sts_pol_mode", "mta_sts_absent"]
        let dane = ["dane_tlsa_insecure", "dane_partial_mx", "dane_tlsa_missing"]
        return switch sender {
        case .opportunistic: []
        case .mtaSTS: sts
        case .postfixDANE, .daneOnly, .exim: dane
        case .exchangeOnline, .daneAndSTS, .requireTLS: sts + dane
        }
    }
}
