import CIDN2

/// libidn2's conversions: UTS 46, non-transitional (RFC 5891, UTS 46 section 4).
enum IDNA {
    enum Mapping { case nonTransitional, transitional }

    /// A-label form, lower-case, or libidn2's reason.
    static func toASCII(_ text: String, mapping: Mapping = .nonTransitional) -> Result<String, IDNAFault> {
        var output: UnsafeMutablePointer<CChar>?
        // IDN2_USE_STD3_ASCII_RULES is off: owner names such as _dmarc are legal input. Host name rules are checked apart.
        let flags =
            (mapping == .transitional ? IDN2_TRANSITIONAL.rawValue : IDN2_NONTRANSITIONAL.rawValue)
            | IDN2_NFC_INPUT.rawValue
        let code = idn2_to_ascii_8z(text, &output, Int32(bitPattern: UInt32(flags)))
        guard code == IDN2_OK.rawValue, let output else {
            return .failure(IDNAFault(reason: String(cString: idn2_strerror(code))))
        }
        defer { idn2_free(output) }
        return .success(String(cString: output))
    }

    static func toUnicode(_ text: String) -> String? {
        var output: UnsafeMutablePointer<CChar>?
        guard idn2_to_unicode_8z8z(text, &output, 0) == IDN2_OK.rawValue, let output else { return nil }
        defer { idn2_free(output) }
        return String(validatingCString: output)
    }
}

struct IDNAFault: Error {
    let reason: String
}
