/// Logos, good and bad, no two alike: every element in every other, every attribute on every element, every class of value, and
/// what can be wrong with a file as a whole.
enum SVGSamples {
    static let all: [ProfileTests.Sample] = {
        var seen: Set<[UInt8]> = []
        return (nestings + attributes + values + wholes).filter { seen.insert($0.octets).inserted }
    }()

    static let head = """
        <svg xmlns="http://www.w3.org/2000/svg" version="1.2" baseProfile="tiny-ps" viewBox="0 0 64 64">
        """

    static func document(_ body: String, root: String = head, title: String = "<title>Example</title>") -> String {
        "\(root)\(title)\(body)</svg>"
    }

    static let known = [
        "title", "desc", "metadata", "g", "defs", "use", "path", "rect", "circle", "ellipse", "line", "polyline",
        "polygon", "text", "textArea", "solidColor", "linearGradient", "radialGradient", "stop",
    ]
    /// Of SVG Tiny 1.2 or of SVG, and not of the profile.
    static let others = [
        "svg", "a", "animate", "animateColor", "animateMotion", "animateTransform", "animation", "audio", "discard",
        "font", "font-face", "font-face-src", "font-face-uri", "foreignObject", "glyph", "handler", "hkern", "image",
        "listener", "missing-glyph", "mpath", "prefetch", "script", "set", "switch", "tbreak", "tspan", "video",
        "style", "filter", "mask", "clipPath", "pattern", "marker", "symbol", "textPath", "Rect", "RECT", "view",
    ]

    // MARK: Every element in every other

    private static let nestings: [ProfileTests.Sample] = inner + outer

    private static let inner: [ProfileTests.Sample] = known.flatMap { parent in
        (known + others).map { child -> ProfileTests.Sample in
            .init("nesting \(parent)/\(child)", document(within(parent, "<\(child)/>")))
        }
    }

    private static let outer: [ProfileTests.Sample] =
        (known + others).map { .init("nesting svg/\($0)", document("<\($0)/>")) }
        + ["words", " \n ", "<![CDATA[words]]>", "<!-- words -->", "<?words words?>"].flatMap { content in
            known.map { element -> ProfileTests.Sample in
                .init("\(content) in \(element)", document(within(element, content)))
            }
        }

    /// An element that holds `body`, itself where it may stand.
    private static func within(_ element: String, _ body: String) -> String {
        switch element {
        case "stop": "<linearGradient><stop>\(body)</stop></linearGradient>"
        default: "<\(element)>\(body)</\(element)>"
        }
    }

    // MARK: Every attribute on every element

    static let attributeValues: [(name: String, good: String)] = [
        ("id", "a"), ("xml:id", "a"), ("xml:base", "x"), ("xml:lang", "en"), ("class", "a b"), ("role", "img"),
        ("rel", "x"), ("rev", "x"), ("typeof", "x"), ("content", "x"), ("datatype", "x"), ("resource", "x"),
        ("about", "x"), ("property", "x"), ("xml:space", "preserve"), ("fill", "red"), ("fill-opacity", "0.5"),
        ("fill-rule", "evenodd"), ("stroke", "none"), ("stroke-opacity", "1"), ("stroke-dasharray", "1 2"),
        ("stroke-dashoffset", "1"), ("stroke-linecap", "round"), ("stroke-linejoin", "bevel"),
        ("stroke-miterlimit", "4"), ("stroke-width", "2"), ("color", "red"), ("color-rendering", "auto"),
        ("vector-effect", "none"), ("direction", "rtl"), ("unicode-bidi", "embed"), ("solid-color", "red"),
        ("solid-opacity", "1"), ("display-align", "center"), ("line-increment", "auto"), ("stop-color", "red"),
        ("stop-opacity", "1"), ("font-family", "serif"), ("font-size", "12"), ("font-style", "italic"),
        ("font-variant", "normal"), ("font-weight", "bold"), ("text-anchor", "middle"), ("text-align", "center"),
        ("requiredFonts", "x"), ("systemLanguage", "en"), ("display", "none"), ("visibility", "hidden"),
        ("image-rendering", "auto"), ("shape-rendering", "crispEdges"), ("text-rendering", "auto"),
        ("buffered-rendering", "static"), ("viewport-fill", "none"), ("viewport-fill-opacity", "1"),
        ("transform", "none"), ("d", "M0 0"), ("pathLength", "1"), ("x", "1"), ("y", "1"), ("width", "10"),
        ("height", "10"), ("rx", "1"), ("ry", "1"), ("cx", "1"), ("cy", "1"), ("r", "1"), ("x1", "1"), ("y1", "1"),
        ("x2", "1"), ("y2", "1"), ("points", "1 1"), ("gradientUnits", "userSpaceOnUse"), ("editable", "none"),
        ("rotate", "1"), ("href", "#a"), ("offset", "1"), ("viewBox", "0 0 1 1"), ("contentScriptType", "x"),
        ("externalResourcesRequired", "false"), ("focusable", "false"), ("playbackOrder", "all"),
        ("preserveAspectRatio", "xMidYMid meet"), ("snapshotTime", "none"), ("timelineBegin", "onLoad"),
        ("zoomAndPan", "disable"), ("version", "1.2"), ("baseProfile", "tiny-ps"),
        // Of no table.
        ("style", "fill:red"), ("opacity", "1"), ("onload", "x"), ("onclick", "x"), ("gradientTransform", "x"),
        ("clip-path", "x"), ("filter", "x"), ("mask", "x"), ("fx", "1"), ("src", "x"), ("Fill", "red"), ("WIDTH", "1"),
        ("xlink:href", "#a"), ("xlink:title", "x"), ("other:x", "x"), ("data-x", "1"), ("tabindex", "1"),
        ("pointer-events", "none"), ("overflow", "hidden"), ("enable-background", "x"), ("target", "x"),
        ("g1", "x"), ("unicode", "x"), ("horiz-adv-x", "1"), ("spreadMethod", "pad"), ("dx", "1"), ("lang", "en"),
    ]

    private static let attributes: [ProfileTests.Sample] = (known + ["svg"]).flatMap { element in
        attributeValues.map { name, value -> ProfileTests.Sample in
            .init("attribute \(element)@\(name)", with(name, value, on: element))
        }
    }

    private static let spaces = "xmlns:xlink=\"http://www.w3.org/1999/xlink\" xmlns:other=\"urn:x\""

    /// A document with the attribute on an element of that kind; on the root in place of the one that stands there.
    private static func with(_ name: String, _ value: String, on element: String) -> String {
        let attribute = "\(name)=\"\(value)\""
        switch element {
        case "svg": return document("<rect/>", root: root(name, value, spaces))
        case "title": return document("<rect/>", title: "<title \(spaces) \(attribute)>x</title>")
        case "stop": return document("<radialGradient \(spaces)><stop \(attribute)/></radialGradient>")
        default: return document("<\(element) \(spaces) \(attribute)/>")
        }
    }

    // MARK: Every class of value

    private static let enumerated: [(element: String, name: String, good: [String])] = [
        ("rect", "fill-rule", ["nonzero", "evenodd", "inherit"]),
        ("rect", "stroke-linecap", ["butt", "round", "square", "inherit"]),
        ("rect", "stroke-linejoin", ["miter", "round", "bevel", "inherit"]),
        ("rect", "color-rendering", ["auto", "optimizeSpeed", "optimizeQuality", "inherit"]),
        ("rect", "vector-effect", ["none", "non-scaling-stroke", "inherit"]),
        ("g", "direction", ["ltr", "rtl", "inherit"]),
        ("g", "unicode-bidi", ["normal", "embed", "bidi-override", "inherit"]),
        ("g", "display-align", ["auto", "before", "center", "after", "inherit"]),
        ("text", "font-style", ["normal", "italic", "oblique", "inherit"]),
        ("text", "font-variant", ["normal", "small-caps", "inherit"]),
        ("text", "font-weight", ["normal", "bold", "bolder", "lighter", "inherit", "700"]),
        ("text", "text-anchor", ["start", "middle", "end", "inherit"]),
        ("text", "text-align", ["start", "center", "end", "inherit"]),
        ("text", "editable", ["none", "simple"]),
        ("desc", "display", ["inline", "block", "run-in", "table-cell", "none", "inherit", "flex"]),
        ("desc", "visibility", ["visible", "hidden", "collapse", "inherit"]),
        ("desc", "image-rendering", ["auto", "optimizeSpeed", "optimizeQuality", "inherit"]),
        ("desc", "shape-rendering", ["auto", "optimizeSpeed", "crispEdges", "geometricPrecision", "inherit"]),
        ("desc", "text-rendering", ["auto", "optimizeSpeed", "optimizeLegibility", "geometricPrecision", "inherit"]),
        ("desc", "buffered-rendering", ["auto", "dynamic", "static", "inherit"]),
        ("rect", "xml:space", ["default", "preserve"]),
        ("linearGradient", "gradientUnits", ["userSpaceOnUse", "objectBoundingBox"]),
    ]

    private static let free: [(name: String, values: [String])] = [
        ("id", ["a", "a-b.c", "_x", "\u{E4}", " a ", "1a", "a b", "a:b", "", "-a", "a\u{B7}", "\u{B7}a"]),
        ("xml:id", ["a", "1", "a:b"]),
        ("class", ["a", "a b", " a  b ", "1 2", "a:b", "a,b", "", " ", "a/b", "-"]),
        ("xml:lang", ["en", "de-CH", "", "x-klingon", "en-us-1a", "e n", "englishman", "1", "en-", "en_US", " en "]),
    ]

    private static let rootValues: [(name: String, values: [String])] = [
        ("version", ["1.2", " 1.2 ", "1.1", "1.2.0", ""]), ("baseProfile", ["tiny-ps", "tiny", "Tiny-PS", "tiny-ps "]),
        ("externalResourcesRequired", ["false", "true"]), ("focusable", ["false", "auto", "true"]),
        ("playbackOrder", ["all", "forwardOnly"]), ("snapshotTime", ["none", "0"]),
        ("timelineBegin", ["onLoad", "onStart"]), ("zoomAndPan", ["disable", "magnify"]),
        (
            "preserveAspectRatio",
            [
                "none", "xMidYMid", "xMidYMid meet", "  xMidYMid   meet  ", "nonemeet", "xMidYMid slice",
                "xMinYMin meet",
                "meet", "", "none none", "xMidYMid meet meet", "xmidymid",
            ]
        ),
        ("font-weight", ["normal", "bold", "bolder", "lighter", "inherit", "400"]), ("viewBox", ["", "x", "0 0 1 1"]),
        ("width", ["100%", "64", ""]), ("x", ["0"]), ("y", ["0"]), ("id", ["a", "1"]), ("xml:base", ["x"]),
        ("contentScriptType", ["x"]), ("enable-background", ["x"]), ("style", ["x"]), ("onload", ["x"]),
        ("opacity", ["1"]), ("transform", ["none"]), ("requiredFonts", ["x"]), ("display", ["none"]),
    ]

    private static let values: [ProfileTests.Sample] = ofElements + ofPaths + ofRoots

    private static let ofElements: [ProfileTests.Sample] = enumerated.flatMap { element, name, good in
        let padded: [String] = good.map { "  \($0)\n" }
        let bad: [String] = ["x", "", good[0].uppercased(), "\(good[0]) \(good[1])"]
        return (good + padded + bad).map { value -> ProfileTests.Sample in
            .init("value \(element)@\(name)=\(value)", document("<\(element) \(name)=\"\(value)\"/>"))
        }
    }

    private static let ofPaths: [ProfileTests.Sample] = free.flatMap { name, values in
        values.map { value -> ProfileTests.Sample in
            .init("value path@\(name)=\(value)", document("<path \(name)=\"\(value)\"/>"))
        }
    }

    private static let ofRoots: [ProfileTests.Sample] = rootValues.flatMap { name, values in
        values.map { value -> ProfileTests.Sample in
            .init("value svg@\(name)=\(value)", document("<rect/>", root: root(name, value)))
        }
    }

    private static func root(_ name: String, _ value: String, _ more: String = "") -> String {
        var parts = ["version": "1.2", "baseProfile": "tiny-ps", "viewBox": "0 0 64 64"]
        parts[name] = value
        let text = parts.sorted { $0.key < $1.key }.map { "\($0.key)=\"\($0.value)\"" }.joined(separator: " ")
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" \(more) \(text)>"
    }

    // MARK: Files as a whole

    private static let wholes: [ProfileTests.Sample] = [
        .init("whole plain", document("<rect/>")),
        .init("whole no title", document("<rect/>", title: "")),
        .init("whole empty title", document("<rect/>", title: "<title/>")),
        .init("whole late title", document("<rect/><title>x</title>", title: "")),
        .init("whole two titles", document("<title>x</title>")),
        .init("whole title in g", document("<g><title>x</title></g>")),
        .init("whole title with attributes", document("<rect/>", title: "<title id=\"t\" display=\"none\">x</title>")),
        .init("whole title with fill", document("<rect/>", title: "<title fill=\"red\">x</title>")),
        .init("whole element in title", document("<rect/>", title: "<title>x<tspan/></title>")),
        .init(
            "whole no version", document("", root: "<svg xmlns=\"http://www.w3.org/2000/svg\" baseProfile=\"tiny-ps\">")
        ),
        .init("whole no profile", document("", root: "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.2\">")),
        .init("whole no namespace", document("", root: "<svg version=\"1.2\" baseProfile=\"tiny-ps\">")),
        .init(
            "whole other namespace",
            document("", root: "<svg xmlns=\"http://www.w3.org/2000/SVG\" version=\"1.2\" baseProfile=\"tiny-ps\">")),
        .init(
            "whole other root",
            "<g xmlns=\"http://www.w3.org/2000/svg\" version=\"1.2\" baseProfile=\"tiny-ps\"><title>x</title></g>"),
        .init(
            "whole prefixes",
            "<s:svg xmlns:s=\"http://www.w3.org/2000/svg\" version=\"1.2\" baseProfile=\"tiny-ps\"><s:title>x</s:title>"
                + "<s:rect/></s:svg>"),
        .init("whole foreign element", document("<x xmlns=\"urn:x\"/>")),
        .init("whole foreign prefix", document("<x:script xmlns:x=\"http://www.w3.org/2000/svg\"/>")),
        .init("whole good prefix", document("<x:rect xmlns:x=\"http://www.w3.org/2000/svg\"/>")),
        .init("whole undeclared prefix", document("<x:rect/>")),
        .init("whole svg attribute prefix", document("<rect s:fill=\"red\" xmlns:s=\"http://www.w3.org/2000/svg\"/>")),
        .init("whole both ids", document("<rect id=\"a\" xml:id=\"b\"/>")),
        .init("whole same id twice", document("<rect id=\"a\"/><rect id=\"a\"/>")),
        .init("whole deep", document(String(repeating: "<g>", count: 40) + String(repeating: "</g>", count: 40))),
        .init("whole declaration", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + document("<rect/>")),
        .init("whole lower declaration", "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" + document("<rect/>")),
        .init("whole standalone", "<?xml version=\"1.0\" standalone=\"yes\"?>\n" + document("<rect/>")),
        .init("whole style sheet", "<?xml-stylesheet href=\"x.css\"?>" + document("<rect/>")),
        .init("whole comment", "<!-- x -->" + document("<!-- y --><rect/>") + "<!-- z -->"),
        .init("whole byte order mark", octets: [0xEF, 0xBB, 0xBF] + Array(document("<rect/>").utf8)),
        .init("whole umlauts", document("<text>\u{E4}\u{1F600}</text>")),
        .init("whole references", document("<text>&amp;&lt;&#65;&#x1F600;</text>")),
        .init("whole undefined entity", document("<text>&nbsp;</text>")),
        .init("whole control reference", document("<text>&#1;</text>")),
        .init("whole ampersand", document("<text>a & b</text>")),
        .init("whole crossed tags", document("<g><defs></g></defs>")),
        .init("whole same attribute twice", document("<rect x=\"1\" x=\"2\"/>")),
        .init("whole unquoted attribute", document("<rect x=1/>")),
        .init("whole two roots", document("<rect/>") + document("<g/>")),
        .init("whole cut", String(document("<rect/>").dropLast(3))),
        .init("whole carriage returns", document("\r\n<rect\r\n x=\"1\"/>\r")),
        .init("whole bad UTF-8", octets: Array(document("<text>").utf8) + [0xC3, 0x28] + Array("</text></svg>".utf8)),
        .init("whole href with ampersand", document("<use href=\"#a&amp;b\"/>")),
        .init("whole fill from outside", document("<rect fill=\"url(http://example.com/)\"/>")),
        .init("whole data in fill", document("<rect fill=\"url(data:image/png;base64,AAAA)\"/>")),
        .init("whole use from outside", document("<use href=\"http://example.com/#a\"/>")),
        .init("whole use of itself", document("<g id=\"a\"><use href=\"#a\"/></g>")),
        .init("doctype", "<!DOCTYPE svg>" + document("<rect/>")),
        .init("doctype with entity", "<!DOCTYPE svg [<!ENTITY a \"b\">]>" + document("<rect/>")),
        .init("encoding latin", "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>" + document("<rect/>")),
        .init("encoding ASCII", "<?xml version=\"1.0\" encoding=\"US-ASCII\"?>" + document("<rect/>")),
        .init(
            "encoding wide",
            octets: [0xFE, 0xFF] + document("<rect/>").utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }),
        .init("limit depth", document(String(repeating: "<g>", count: 80) + String(repeating: "</g>", count: 80))),
        .init("limit nodes", document(String(repeating: "<g/>", count: 20_001))),
        .init("limit octets", document("<desc>\(String(repeating: "x", count: 262_144))</desc>")),
    ]
}
