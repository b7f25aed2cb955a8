/// One thing that is wrong with a logo, and where.
package struct SVGFault: Hashable, Codable, Sendable {
    package enum Code: String, Codable, Sendable, CaseIterable {
        case wellformed, doctype, encoding, namespace, version, script, raster, colors
        case processingInstruction = "processing_instruction"
        case baseProfile = "base_profile"
        case titleMissing = "title_missing"
        case titleEmpty = "title_empty"
        case titleDuplicate = "title_duplicate"
        /// The title is not the first child.
        case titlePosition = "title_position"
        case titleLong = "title_long"
        case descEmpty = "desc_empty"
        case rootXY = "root_xy"
        case rootAttribute = "root_attribute"
        case useCycle = "use_cycle"
        case useDepth = "use_depth"
        /// `xlink:href` where the schema has `href`.
        case useXLink = "use_xlink"
        case viewBoxMissing = "viewbox_missing"
        case viewBoxMalformed = "viewbox_malformed"
        case viewBoxNonPositive = "viewbox_nonpositive"
        case viewBoxNonSquare = "viewbox_nonsquare"
        case dimensionPercent = "dim_percent"
        case elementForbidden = "element_forbidden"
        /// A good element where it may not stand.
        case elementMisplaced = "element_misplaced"
        case attributeForbidden = "attribute_forbidden"
        case attributeValue = "attribute_value"
        /// Text where only elements may stand.
        case textMisplaced = "text_misplaced"
        case externalReference = "external_reference"
    }

    package let code: Code
    /// From 1; characters, not octets.
    package let line: Int
    package let column: Int
    /// The element or attribute.
    package let name: String?
    /// The element around it.
    package let parent: String?
    /// What stands there.
    package let value: String?
    /// What may stand there.
    package let expected: String?
    /// The published schema forbids it; else renderers, receivers or caution do.
    package let isOfSchema: Bool

    package init(
        _ code: Code, line: Int, column: Int, name: String? = nil, parent: String? = nil, value: String? = nil,
        expected: String? = nil, isOfSchema: Bool = false
    ) {
        self.code = code
        self.line = line
        self.column = column
        self.name = name
        self.parent = parent
        self.value = value
        self.expected = expected
        self.isOfSchema = isOfSchema
    }
}

/// What became of a logo.
package struct SVGVerdict: Hashable, Codable, Sendable {
    package let octets: Int
    /// `svg.depth 64`: the limit at which reading ended; nothing behind it was looked at.
    package let limit: String?
    /// In the order of the file, at most `SVGLimits.faults`.
    package let faults: [SVGFault]
    package let faultCount: Int
    package let elementCount: Int
    package let title: String?
    package let viewBox: String?
    /// The published schema accepts it.
    package let conforms: Bool
    /// It conforms, and nothing in it runs, loads or multiplies.
    package let isSafe: Bool
    /// The logo in this program's own words, where it is safe: elements and attributes of the profile, nothing else.
    package let picture: String?

    package init(
        octets: Int, limit: String? = nil, faults: [SVGFault] = [], faultCount: Int? = nil, elementCount: Int = 0,
        title: String? = nil, viewBox: String? = nil, conforms: Bool = false, isSafe: Bool = false,
        picture: String? = nil
    ) {
        self.octets = octets
        self.limit = limit
        self.faults = faults
        self.faultCount = faultCount ?? faults.count
        self.elementCount = elementCount
        self.title = title
        self.viewBox = viewBox
        self.conforms = conforms
        self.isSafe = isSafe
        self.picture = picture
    }
}

/// Judges logos in a process of its own, which is killed where it does not end.
package struct LogoInspector: Sendable {
    package enum Answer: Sendable {
        case verdict(SVGVerdict)
        /// `no_program`, `cpu`, `memory`, `time`, `crash`: why there is none.
        case none(reason: String)
    }

    package let inspect: @Sendable ([UInt8]) async -> Answer

    package init(inspect: @escaping @Sendable ([UInt8]) async -> Answer) { self.inspect = inspect }

    /// For programs that embed this one without its command.
    package static let missing = LogoInspector { octets in
        // What the gate alone can tell needs no child.
        SVGGate(octets).refusal.map { .verdict($0) } ?? .none(reason: "no_program")
    }
}
