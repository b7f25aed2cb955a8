/// Internationalised names.
extension World {
    static let names: [LabDomain] = [
        make("xn--bcher-kva.lab", "an internationalised name in good order"),
        make("xn--strae-oqa.lab", "a name that older software writes otherwise"),
        make("strasse.lab", "what older software makes of it"),
        make("xn--pypal-4ve.lab", "a name of mixed scripts"),
        make("xn--zca-abc.lab", "a label that encodes nothing"),
        make("ulabel.lab", "octets outside ASCII in SPF") {
            $0.records[0] = "@ TXT \"v=spf1 include:b\\195\\188cher.lab -all\""
        },
        bare("cname.lab", "the domain is an alias", ["@ CNAME nodane.lab."]),
    ]
}
