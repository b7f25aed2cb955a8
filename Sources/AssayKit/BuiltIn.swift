package import AssayEngine
import BIMI
import CAA
import DANE
import DKIM
import DMARC
import DNSSEC
import MTASTS
import MX
import SPF
import STARTTLS
import TLSRPT

/// What this build is made of.
package enum BuiltIn {
    package static let name = "mailassay"
    package static let version = "0.1.0"

    /// The checkers, in the order they are listed.
    package static let registry = Registry([
        MXChecker.self,
        STARTTLSChecker.self,
        MTASTSChecker.self,
        TLSRPTChecker.self,
        DMARCChecker.self,
        DANEChecker.self,
        DNSSECChecker.self,
        CAAChecker.self,
        DKIMChecker.self,
        SPFChecker.self,
        BIMIChecker.self,
    ])
}
