/// SVG Tiny 1.2 Portable/Secure as tables: which element may stand in which, with which attributes of which values
/// (draft-svg-tiny-ps-abrotman; the schema that the BIMI group publishes).
///
/// A test compares the verdicts made with these tables with those of a RELAX NG validator on the published schema.
enum SVGProfile {
    static let namespace = "http://www.w3.org/2000/svg"
    static let xmlNamespace = "http://www.w3.org/XML/1998/namespace"
    static let xlinkNamespace = "http://www.w3.org/1999/xlink"

    enum Value: Equatable {
        case any
        /// White space around it does not count.
        case oneOf([String])
        case name
        case tokens
        case language
        case aspectRatio
    }

    struct Element {
        let attributes: [String: Value]
        var children: Set<String> = []
        var hasText = false
    }

    static let shapes: Set<String> = ["path", "rect", "circle", "line", "ellipse", "polyline", "polygon"]
    private static let contents: Set<String> = shapes.union([
        "solidColor", "textArea", "linearGradient", "radialGradient", "text", "g", "defs", "use",
    ])

    /// On the root, where its schema has one value each.
    static let rootValues: [String: Value] = [
        "version": .oneOf(["1.2"]), "baseProfile": .oneOf(["tiny-ps"]), "externalResourcesRequired": .oneOf(["false"]),
        "focusable": .oneOf(["false"]), "playbackOrder": .oneOf(["all"]), "preserveAspectRatio": .aspectRatio,
        "snapshotTime": .oneOf(["none"]), "timelineBegin": .oneOf(["onLoad"]), "zoomAndPan": .oneOf(["disable"]),
    ]

    static let elements: [String: Element] = [
        "svg": Element(
            attributes: core + paint + rootValues + free("width", "height", "viewBox", "contentScriptType") + [
                // The schema of the root alone leaves `inherit` out.
                "font-weight": .oneOf(["normal", "bold", "bolder", "lighter"])
            ],
            children: contents.union(["title", "desc", "metadata"])),
        "title": Element(attributes: core + conditions + media, hasText: true),
        "desc": Element(attributes: core + conditions + media, hasText: true),
        "metadata": Element(attributes: [:], hasText: true),
        "g": Element(attributes: core + paint + conditions + free("transform"), children: contents),
        "defs": Element(attributes: core + paint, children: contents),
        "use": Element(attributes: core + paint + conditions + free("transform", "x", "y", "href")),
        "path": shape("d", "pathLength"),
        "rect": shape("x", "y", "width", "height", "rx", "ry"),
        "circle": shape("cx", "cy", "r"),
        "ellipse": shape("cx", "cy", "rx", "ry"),
        "line": shape("x1", "y1", "x2", "y2"),
        "polyline": shape("points"),
        "polygon": shape("points"),
        "text": Element(
            attributes: core + paint + conditions + free("transform", "x", "y", "rotate")
                + ["editable": .oneOf(["none"])],
            hasText: true),
        "textArea": Element(
            attributes: core + paint + conditions + free("transform", "x", "y", "width", "height"), hasText: true),
        "solidColor": Element(attributes: core + paint),
        "linearGradient": Element(
            attributes: core + paint + gradient + free("x1", "y1", "x2", "y2"), children: ["stop"]),
        "radialGradient": Element(attributes: core + paint + gradient + free("cx", "cy", "r"), children: ["stop"]),
        "stop": Element(attributes: core + paint + free("offset")),
    ]

    // MARK: Groups of attributes

    private static let core: [String: Value] =
        [
            "id": .name, "xml:id": .name, "xml:lang": .language, "class": .tokens,
            "xml:space": .oneOf(["default", "preserve"]),
        ]
        + free(
            "xml:base", "role", "rel", "rev", "typeof", "content", "datatype", "resource", "about", "property")

    private static let conditions = free("requiredFonts", "systemLanguage")
    private static let gradient: [String: Value] = ["gradientUnits": .oneOf(["userSpaceOnUse", "objectBoundingBox"])]

    private static let paint: [String: Value] =
        free(
            "fill", "fill-opacity", "stroke", "stroke-opacity", "stroke-dasharray", "stroke-dashoffset",
            "stroke-miterlimit", "stroke-width", "color", "solid-color", "solid-opacity", "stop-color", "stop-opacity",
            "line-increment", "font-family", "font-size")
        + [
            "fill-rule": inherited("nonzero", "evenodd"),
            "stroke-linecap": inherited("butt", "round", "square"),
            "stroke-linejoin": inherited("miter", "round", "bevel"),
            "color-rendering": inherited("auto", "optimizeSpeed", "optimizeQuality"),
            "vector-effect": inherited("none", "non-scaling-stroke"),
            "direction": inherited("ltr", "rtl"),
            "unicode-bidi": inherited("normal", "embed", "bidi-override"),
            "display-align": inherited("auto", "before", "center", "after"),
            "font-style": inherited("normal", "italic", "oblique"),
            "font-variant": inherited("normal", "small-caps"),
            "font-weight": inherited("normal", "bold", "bolder", "lighter"),
            "text-anchor": inherited("start", "middle", "end"),
            "text-align": inherited("start", "center", "end"),
        ]

    /// What the schema lets a title and a description say of how they are drawn, which they are not.
    private static let media: [String: Value] =
        free("viewport-fill", "viewport-fill-opacity")
        + [
            "display": inherited(
                "inline", "block", "list-item", "run-in", "compact", "marker", "table", "inline-table",
                "table-row-group", "table-header-group", "table-footer-group", "table-row", "table-column-group",
                "table-column", "table-cell", "table-caption", "none"),
            "visibility": inherited("visible", "hidden", "collapse"),
            "image-rendering": inherited("auto", "optimizeSpeed", "optimizeQuality"),
            "shape-rendering": inherited("auto", "optimizeSpeed", "crispEdges", "geometricPrecision"),
            "text-rendering": inherited("auto", "optimizeSpeed", "optimizeLegibility", "geometricPrecision"),
            "buffered-rendering": inherited("auto", "dynamic", "static"),
        ]

    private static func shape(_ names: String...) -> Element {
        var attributes = core + paint + conditions + free("transform")
        for name in names { attributes[name] = .any }
        return Element(attributes: attributes)
    }

    private static func free(_ names: String...) -> [String: Value] {
        Dictionary(uniqueKeysWithValues: names.map { ($0, Value.any) })
    }

    private static func inherited(_ values: String...) -> Value { .oneOf(values + ["inherit"]) }

    // MARK: The picture

    /// Attributes that mean nothing to a renderer: not taken over into our own rewriting.
    static let unseen: Set<String> = [
        "xml:base", "xml:id", "xml:lang", "class", "role", "rel", "rev", "typeof", "content", "datatype", "resource",
        "about", "property", "requiredFonts", "systemLanguage", "contentScriptType",
    ]
}

/// Both; the right one's where both have a key.
private func + (left: [String: SVGProfile.Value], right: [String: SVGProfile.Value]) -> [String: SVGProfile.Value] {
    left.merging(right) { $1 }
}

extension SVGProfile.Value {
    func allows(_ value: String) -> Bool {
        let octets = Array(value.utf8)
        switch self {
        case .any: return true
        case .oneOf(let values): return values.contains(Self.collapsed(octets))
        case .name:
            let scalars = Self.collapsed(octets).unicodeScalars
            return scalars.first.map { Self.isNameStart($0) } ?? false && scalars.allSatisfy(Self.isNameCharacter)
        case .tokens:
            let text = Self.collapsed(octets)
            return !text.isEmpty
                && text.unicodeScalars.allSatisfy { $0 == " " || $0 == ":" || Self.isNameCharacter($0) }
        case .language:
            // RFC 3066, as xsd:language has it; the schema lets it be empty.
            let parts = Self.collapsed(octets).utf8.split(
                separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
            if parts.count == 1, parts[0].isEmpty { return true }
            return parts.enumerated().allSatisfy { index, part in
                (1...8).contains(part.count)
                    && part.allSatisfy {
                        (0x61...0x7A).contains($0 | 0x20) || (index > 0 && (0x30...0x39).contains($0))
                    }
            }
        case .aspectRatio:
            // \s*(none|xMidYMid)\s*(meet)?\s*
            var rest = octets[...].drop(while: Self.isSpace)
            guard let word = ["none", "xMidYMid"].first(where: { rest.starts(with: $0.utf8) }) else { return false }
            rest = rest.dropFirst(word.utf8.count).drop(while: Self.isSpace)
            if rest.starts(with: "meet".utf8) { rest = rest.dropFirst(4) }
            return rest.allSatisfy(Self.isSpace)
        }
    }

    /// For people.
    var words: String {
        switch self {
        case .any: "any text"
        case .oneOf(let values): values.joined(separator: ", ")
        case .name: "a name without colon or space"
        case .tokens: "one or more names"
        case .language: "a language tag"
        case .aspectRatio: "none or xMidYMid, each with or without meet"
        }
    }

    /// White space at the ends gone, inside one space each.
    static func collapsed(_ octets: [UInt8]) -> String {
        String(decoding: Array(octets.split(whereSeparator: isSpace).joined(separator: [0x20])), as: UTF8.self)
    }

    static func isSpace(_ octet: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(octet) }

    /// XML 1.0 fifth edition, production 4, without the colon.
    private static func isNameStart(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x41...0x5A, 0x5F, 0x61...0x7A, 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x2FF, 0x370...0x37D, 0x37F...0x1FFF,
            0x200C...0x200D, 0x2070...0x218F, 0x2C00...0x2FEF, 0x3001...0xD7FF, 0xF900...0xFDCF, 0xFDF0...0xFFFD,
            0x10000...0xEFFFF:
            true
        default: false
        }
    }

    private static func isNameCharacter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x2D, 0x2E, 0x30...0x39, 0xB7, 0x300...0x36F, 0x203F...0x2040: true
        default: isNameStart(scalar)
        }
    }
}
