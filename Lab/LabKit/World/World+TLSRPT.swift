/// TLS reporting.
extension World {
    private static func rpt(_ name: String, _ note: String, _ records: String...) -> LabDomain {
        make(name, note) { domain in
            domain.records.removeLast()
            domain.records += records.map { "_smtp._tls \($0)" }
        }
    }

    static let reports: [LabDomain] = [
        rpt(
            "tworpt.lab", "two records", "TXT \"v=TLSRPTv1; rua=mailto:a@nodane.lab\"",
            "TXT \"v=TLSRPTv1; rua=mailto:b@nodane.lab\""),
        rpt("rptversion.lab", "the version in other case", "TXT \"v=TLSRPTV1; rua=mailto:a@nodane.lab\""),
        rpt("rptnorua.lab", "no rua", "TXT \"v=TLSRPTv1;\""),
        rpt("rptempty.lab", "an empty rua", "TXT \"v=TLSRPTv1; rua=\""),
        rpt("rptscheme.lab", "a bare address", "TXT \"v=TLSRPTv1; rua=mailto:a@nodane.lab,tls@nodane.lab\""),
        rpt(
            "rptseparator.lab", "a semicolon between addresses",
            "TXT \"v=TLSRPTv1; rua=mailto:a@nodane.lab; mailto:b@nodane.lab\""),
        rpt("rptsize.lab", "a size limit", "TXT \"v=TLSRPTv1; rua=mailto:a@nodane.lab!10m\""),
        rpt("rptextension.lab", "a malformed extension", "TXT \"v=TLSRPTv1; rua=mailto:a@nodane.lab; x\""),
        rpt(
            "rptgone.lab", "an address in a domain that does not exist",
            "TXT \"v=TLSRPTv1; rua=mailto:a@gone.rptgone.lab\""),
        rpt("rptnull.lab", "an address in a domain with a null MX", "TXT \"v=TLSRPTv1; rua=mailto:a@nullmx.lab\""),
        rpt(
            "rpthttps.lab", "a web destination that does not exist",
            "TXT \"v=TLSRPTv1; rua=https://gone.rpthttps.lab/v1\""),
        rpt("rptalias.lab", "a delegated record", "CNAME _smtp._tls.nodane.lab."),
        make("rptowner.lab", "a record at the wrong name") { domain in
            domain.records.removeLast()
            domain.records.append("_tlsrpt TXT \"v=TLSRPTv1; rua=mailto:a@nodane.lab\"")
        },
    ]
}
