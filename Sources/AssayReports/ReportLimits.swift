import AssayGzip

/// How much of a report is drawn, and how much is read out of a page.
package enum ReportLimits {
    /// Reports that follow an overview in full.
    package static let wholeReports = 20
    /// Domains named in a title.
    static let titleNames = 5
    /// Packets and dialogues shown in the appendix, the octets of a packet, and the lines of a dialogue.
    static let dumps = 24
    static let dumpOctets = 512
    static let dumpLines = 80
    /// Observations shown beside a finding, and their fields.
    static let seenObservations = 6
    static let seenFields = 14
    static let seenOctets = 400
    /// Links from a finding to what was seen.
    static let evidenceLinks = 8
    /// Rows of the timeline.
    static let expiries = 24
    /// Zones in a picture of the chain of trust.
    static let zones = 8
    /// Terms in the picture of an include tree.
    static let treeRows = 60
    /// Certificates in pictures of chains.
    static let chains = 8
    /// Hosts in the picture of the mail's way.
    static let pathHosts = 6
    /// Scans in the picture of the score's history.
    package static let historyScans = 60
    /// Findings and records that a list of changes names in each of its parts.
    static let changes = 40
    /// Octets that come out of the report inside a page, in all and for each octet in it.
    static let inflatedOctets = 268_435_456
    static let inflateRatio = 200
    static let embedded = Gzip.Bounds(octets: inflatedOctets, ratio: inflateRatio, free: 4_194_304)
}
