/// The whole check, for a process that may die: `mailassay svg-check`.
package enum SVGCheck {
    package static func verdict(on octets: [UInt8]) -> SVGVerdict { SVGWalk.verdict(on: octets) }

    /// What the octets alone tell, without a parser.
    package static func refusal(of octets: [UInt8]) -> SVGVerdict? { SVGGate(octets).refusal }
}
