package import AssayEngine
import BIMI
package import AssayModel
import CAA
import DANE
import DKIM
import DMARC
import DNSSEC
import MTASTS
import MX
import SPF
import STARTTLS
import TLS
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
        TLSChecker.self,
    ])

    /// Every fact that a rule may ask about: those of the checkers, and those that the past and the policy file give.
    package static var facts: [any Fact.Type] { registry.facts + HistoryFacts.all + ExpectationFacts.all }
}
