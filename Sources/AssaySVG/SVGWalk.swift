/// Walks over a logo's elements, holds each against the profile, looks for what runs, loads or multiplies, and writes the logo
/// anew.
final class SVGWalk: SVGParserDelegate {
    private struct Open {
        let name: String
        /// nil within what the profile does not know: only the search for what is dangerous goes on there.
        let rule: SVGProfile.Element?
        let place: (line: Int, column: Int)
        let fill: String
        let isWritten: Bool
        var text: [UInt8] = []
        var hasStrayText = false
        var childCount = 0
    }

    private let gate: SVGGate
    private let uses = SVGUses()
    private var open: [Open] = []
    private var faults: [SVGFault]
    private var faultCount = 0
    private var number = 0
    private var hasTitle = false
    private var isBroken = false
    private var colors: Set<String> = []
    private var title: String?
    private var viewBox: String?
    private var written: [UInt8] = []

    private init(_ gate: SVGGate) {
        self.gate = gate
        faults = gate.faults
        faultCount = faults.count
    }

    /// Reads a logo; to be called in a process that may die.
    static func verdict(on octets: [UInt8]) -> SVGVerdict {
        let gate = SVGGate(octets)
        if let refusal = gate.refusal { return refusal }
        let walk = SVGWalk(gate)
        SVGParser(walk).parse(octets)
        return walk.verdict()
    }

    private func verdict() -> SVGVerdict {
        if !isBroken { judgeWhole() }
        let conforms = !isBroken && faultCount == faults.count && !faults.contains(where: \.isOfSchema)
        let isSafe = conforms && !faults.contains { Self.dangers.contains($0.code) }
        let ordered = faults.enumerated().sorted {
            ($0.element.line, $0.element.column, $0.offset) < ($1.element.line, $1.element.column, $1.offset)
        }
        return SVGVerdict(
            octets: gate.octets.count, faults: ordered.map(\.element), faultCount: faultCount, elementCount: number,
            title: title, viewBox: viewBox, conforms: conforms, isSafe: isSafe,
            picture: isSafe ? String(decoding: written, as: UTF8.self) : nil)
    }

    // MARK: Events

    func start(_ name: SVGParser.Name, _ attributes: [(name: SVGParser.Name, value: String)]) {
        let index = number
        number += 1
        let place = gate.tags.indices.contains(index) ? gate.tags[index].place : (1, 1)
        let isKnown = name.namespace == SVGProfile.namespace && SVGProfile.elements[name.local] != nil
        let isFine = judgePlace(of: name, isKnown: isKnown, place)
        let rule = isKnown && (open.last.map { $0.rule != nil } ?? true) ? SVGProfile.elements[name.local] : nil
        for attribute in attributes {
            judge(attribute.name, attribute.value, of: name, rule) {
                self.place(of: attribute.name.written, in: index) ?? place
            }
        }
        if rule != nil, ["id", "xml:id"].allSatisfy({ id in attributes.contains { $0.name.written == id } }) {
            fault(.attributeForbidden, place, name: "xml:id", parent: name.local, value: "beside id", isOfSchema: true)
        }
        let plain = attributes.filter { $0.name.prefix == nil }
        if open.isEmpty, isKnown { judgeRoot(plain, place) }
        collectColors(name.local, plain)
        uses.begin(
            id: plain.first { $0.name.local == "id" }?.value,
            target: name.local == "use" ? attributes.first { $0.name.local == "href" }?.value : nil, place: place)
        let fill = plain.first { $0.name.local == "fill" }?.value ?? open.last?.fill ?? "black"
        let isWritten =
            isFine && rule != nil && name.local != "desc" && name.local != "metadata"
            && (open.last?.isWritten ?? true)
        if isWritten { write(name.local, attributes) }
        if !open.isEmpty { open[open.count - 1].childCount += 1 }
        open.append(Open(name: name.local, rule: rule, place: place, fill: fill, isWritten: isWritten))
    }

    func end() {
        uses.end()
        guard let element = open.popLast() else { return }
        if element.isWritten { written += "</\(element.name)>".utf8 }
        let text = Self.trimmed(element.text)
        switch element.name {
        case "title" where open.count == 1:
            title = title ?? String(decoding: text.prefix(256), as: UTF8.self)
            if text.isEmpty { fault(.titleEmpty, element.place, name: "title") }
            if text.count(where: { $0 & 0xC0 != 0x80 }) > SVGLimits.titleCharacters {
                fault(.titleLong, element.place, name: "title", value: "\(text.count { $0 & 0xC0 != 0x80 }) characters")
            }
        case "desc" where text.isEmpty: fault(.descEmpty, element.place, name: "desc")
        default: break
        }
    }

    func text(_ text: String) {
        guard let element = open.last else { return }
        let octets = Array(text.utf8)
        guard let rule = element.rule else { return }
        if rule.hasText {
            open[open.count - 1].text += octets.prefix(SVGLimits.fileOctets)
            if element.isWritten { written += Self.escaped(octets) }
        } else if !element.hasStrayText, !octets.allSatisfy(SVGProfile.Value.isSpace) {
            open[open.count - 1].hasStrayText = true
            fault(
                .textMisplaced, element.place, name: element.name, value: shown(Self.trimmed(octets)), isOfSchema: true)
        }
    }

    func failed(_ words: String, line: Int, column: Int) {
        isBroken = true
        fault(.wellformed, (line, column), value: shown(Self.trimmed(Array(words.utf8))), isOfSchema: true)
    }

    // MARK: Elements

    /// Whether the element may stand here.
    private func judgePlace(of name: SVGParser.Name, isKnown: Bool, _ place: (Int, Int)) -> Bool {
        guard let parent = open.last else {
            if name.namespace != SVGProfile.namespace || name.local != "svg" {
                fault(
                    .namespace, place, name: name.written, value: name.namespace, expected: SVGProfile.namespace,
                    isOfSchema: true)
                return false
            }
            return true
        }
        let lower = name.local.lowercased()
        if Self.scripts.contains(lower) {
            fault(.script, place, name: name.written, parent: parent.name, isOfSchema: true)
            return false
        }
        if lower == "image" {
            fault(.raster, place, name: name.written, parent: parent.name, isOfSchema: true)
            return false
        }
        guard let rule = parent.rule else { return false }
        if name.local == "title", open.count == 1, isKnown {
            if hasTitle {
                fault(.titleDuplicate, place, name: "title", isOfSchema: true)
                return false
            }
            hasTitle = true
            if parent.childCount > 0 { fault(.titlePosition, place, name: "title", isOfSchema: true) }
            return true
        }
        if isKnown, rule.children.contains(name.local) { return true }
        fault(
            isKnown && name.local != "svg" ? .elementMisplaced : .elementForbidden, place, name: name.written,
            parent: parent.name, expected: rule.children.isEmpty ? "no element" : nil, isOfSchema: true)
        return false
    }

    private func judgeRoot(_ attributes: [(name: SVGParser.Name, value: String)], _ place: (Int, Int)) {
        func value(_ name: String) -> String? { attributes.first { $0.name.local == name }?.value }
        if value("version") == nil {
            fault(.version, place, name: "version", expected: "1.2", isOfSchema: true)
        }
        if value("baseProfile") == nil {
            fault(.baseProfile, place, name: "baseProfile", expected: "tiny-ps", isOfSchema: true)
        }
        for name in ["width", "height"] where value(name)?.utf8.contains(UInt8(ascii: "%")) ?? false {
            fault(
                .dimensionPercent, self.place(of: name, in: 0) ?? place, name: name,
                value: value(name).map { shown(Array($0.utf8)) })
        }
        guard let box = value("viewBox") else { return fault(.viewBoxMissing, place, name: "viewBox") }
        viewBox = shown(Array(box.utf8))
        let boxPlace = self.place(of: "viewBox", in: 0) ?? place
        let numbers = Self.numbers(box)
        guard let numbers, numbers.count == 4 else {
            return fault(.viewBoxMalformed, boxPlace, name: "viewBox", value: viewBox)
        }
        if numbers[2] <= 0 || numbers[3] <= 0 {
            fault(.viewBoxNonPositive, boxPlace, name: "viewBox", value: viewBox)
        } else if abs(numbers[2] - numbers[3]) > 0.001 * max(numbers[2], numbers[3]) {
            fault(.viewBoxNonSquare, boxPlace, name: "viewBox", value: viewBox)
        }
    }

    private func judgeWhole() {
        let root = gate.tags.first?.place ?? (1, 1)
        if number > 0, !hasTitle, !faults.contains(where: { $0.code == .namespace }) {
            fault(.titleMissing, root, name: "title", parent: "svg", isOfSchema: true)
        }
        for problem in uses.problems() {
            fault(problem.isCycle ? .useCycle : .useDepth, problem.place, name: "use", value: problem.words)
        }
        if number > 0, colors.count < 2 { fault(.colors, root, name: "svg", value: "\(colors.count)") }
    }

    // MARK: Attributes

    private func judge(
        _ name: SVGParser.Name, _ value: String, of element: SVGParser.Name, _ rule: SVGProfile.Element?,
        at place: () -> (line: Int, column: Int)
    ) {
        let lower = name.local.lowercased()
        let written = name.written
        func fault(_ code: SVGFault.Code, expected: String? = nil, isOfSchema: Bool) {
            guard faultCount < SVGLimits.faults else {
                faultCount += 1
                return
            }
            self.fault(
                code, place(), name: written, parent: element.local, value: shown(Array(value.utf8)),
                expected: expected, isOfSchema: isOfSchema)
        }
        let key =
            name.namespace == SVGProfile.xmlNamespace ? "xml:\(name.local)" : name.namespace == nil ? name.local : nil
        let allowed = key.flatMap { rule?.attributes[$0] }
        let isOfSchema = allowed == nil
        if let danger = Self.danger(lower, value, isLink: allowed != nil && lower == "href") {
            return fault(danger, isOfSchema: isOfSchema || !(allowed?.allows(value) ?? true))
        }
        guard rule != nil else { return }
        guard let allowed else {
            let code: SVGFault.Code
            if element.local == "use", name.namespace == SVGProfile.xlinkNamespace, name.local == "href" {
                code = .useXLink
            } else {
                code = open.isEmpty && (written == "x" || written == "y") ? .rootXY : .attributeForbidden
            }
            return fault(code, isOfSchema: true)
        }
        guard !allowed.allows(value) else { return }
        let code: SVGFault.Code =
            switch (open.isEmpty, name.local) {
            case (true, "version"): .version
            case (true, "baseProfile"): .baseProfile
            case (true, _) where SVGProfile.rootValues[name.local] != nil: .rootAttribute
            default: .attributeValue
            }
        fault(code, expected: allowed.words, isOfSchema: true)
    }

    /// What runs or loads, whatever the case it is written in.
    private static func danger(_ name: String, _ value: String, isLink: Bool) -> SVGFault.Code? {
        let text = Array(value.utf8).map { $0 >= 0x41 && $0 <= 0x5A ? $0 + 0x20 : $0 }
        // Browsers skip control characters within a scheme.
        let dense = text.filter { $0 > 0x20 }
        if name.utf8.starts(with: "on".utf8) || contains(dense, "javascript:") || contains(dense, "vbscript:") {
            return .script
        }
        if contains(dense, "data:image/"), !contains(dense, "data:image/svg") { return .raster }
        if contains(dense, "@import") || hasForeignURL(dense) { return .externalReference }
        switch name {
        case "href": return dense.first == UInt8(ascii: "#") ? nil : .externalReference
        case "base": return contains(dense, ":") || dense.starts(with: "//".utf8) ? .externalReference : nil
        case "src": return .externalReference
        default: return nil
        }
    }

    /// `url(` to anything but a fragment.
    private static func hasForeignURL(_ text: [UInt8]) -> Bool {
        var rest = text[...]
        while let index = find(rest, "url(") {
            rest = rest[(index + 4)...]
            let target = rest.drop { $0 == 0x22 || $0 == 0x27 }
            if target.first != UInt8(ascii: "#") { return true }
        }
        return false
    }

    private static func contains(_ text: [UInt8], _ word: String) -> Bool { find(text[...], word) != nil }

    private static func find(_ text: ArraySlice<UInt8>, _ word: String) -> Int? {
        let wanted = Array(word.utf8)
        guard let first = wanted.first else { return nil }
        var at = text.startIndex
        while let next = text[at...].firstIndex(of: first) {
            if text[next...].starts(with: wanted) { return next }
            at = next + 1
        }
        return nil
    }

    // MARK: Colours

    private func collectColors(_ element: String, _ attributes: [(name: SVGParser.Name, value: String)]) {
        for (name, value) in attributes where Self.paints.contains(name.local) {
            if let color = Self.color(value) { colors.insert(color) }
        }
        // What nobody painted is black.
        guard SVGProfile.shapes.contains(element) || element == "text" else { return }
        let own = attributes.first { $0.name.local == "fill" }?.value
        if let color = Self.color(own ?? open.last?.fill ?? "black") { colors.insert(color) }
    }

    /// One spelling for each colour; nil for what is no colour of its own.
    private static func color(_ text: String) -> String? {
        let value = SVGProfile.Value.collapsed(Array(text.utf8)).lowercased()
        if ["none", "inherit", "currentcolor", ""].contains(value) || value.utf8.starts(with: "url(".utf8) {
            return nil
        }
        let octets = Array(value.utf8)
        if octets.first == UInt8(ascii: "#"), octets.count == 4 {
            return String(decoding: [octets[0]] + octets[1...].flatMap { [$0, $0] }, as: UTF8.self)
        }
        return names[value] ?? value
    }

    // MARK: Writing

    private func write(_ name: String, _ attributes: [(name: SVGParser.Name, value: String)]) {
        written += "<\(name)".utf8
        if open.isEmpty { written += " xmlns=\"\(SVGProfile.namespace)\"".utf8 }
        let rule = SVGProfile.elements[name]
        for (attribute, value) in attributes where attribute.namespace == nil && attribute.prefix == nil {
            guard let allowed = rule?.attributes[attribute.local], allowed.allows(value),
                !SVGProfile.unseen.contains(attribute.local),
                Self.danger(attribute.local.lowercased(), value, isLink: false) == nil
            else { continue }
            written += " \(attribute.local)=\"".utf8 + Self.escaped(Array(value.utf8)) + "\"".utf8
        }
        written += ">".utf8
    }

    private static func escaped(_ octets: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(octets.count)
        for octet in octets {
            switch octet {
            case UInt8(ascii: "&"): result += "&amp;".utf8
            case UInt8(ascii: "<"): result += "&lt;".utf8
            case UInt8(ascii: ">"): result += "&gt;".utf8
            case UInt8(ascii: "\""): result += "&quot;".utf8
            case 0x0A, 0x0D, 0x09: result.append(0x20)
            default: result.append(octet)
            }
        }
        return result
    }

    // MARK: Faults

    private func fault(
        _ code: SVGFault.Code, _ place: (line: Int, column: Int), name: String? = nil, parent: String? = nil,
        value: String? = nil, expected: String? = nil, isOfSchema: Bool = false
    ) {
        faultCount += 1
        guard faults.count < SVGLimits.faults else { return }
        faults.append(
            SVGFault(
                code, line: place.line, column: place.column, name: name.map { shown(Array($0.utf8)) },
                parent: parent.map { shown(Array($0.utf8)) }, value: value, expected: expected, isOfSchema: isOfSchema))
    }

    private func place(of attribute: String, in index: Int) -> (line: Int, column: Int)? {
        guard gate.tags.indices.contains(index) else { return nil }
        return gate.tags[index].attributes.first { $0.name == attribute }.map { gate.place($0.offset) }
    }

    private func shown(_ octets: some Collection<UInt8>) -> String {
        let cut = octets.prefix(SVGLimits.shownOctets).map { $0 < 0x20 || $0 == 0x7F ? 0x20 : $0 }
        return String(decoding: cut, as: UTF8.self) + (octets.count > SVGLimits.shownOctets ? "..." : "")
    }

    private static func trimmed(_ octets: [UInt8]) -> [UInt8] {
        Array(octets.drop(while: SVGProfile.Value.isSpace).reversed().drop(while: SVGProfile.Value.isSpace).reversed())
    }

    /// Separated by white space or a comma (SVG Tiny 1.2 section 4.4); nil where one is no number.
    private static func numbers(_ text: String) -> [Double]? {
        let parts = text.utf8.split { SVGProfile.Value.isSpace($0) || $0 == UInt8(ascii: ",") }
        var numbers: [Double] = []
        for part in parts.prefix(5) {
            let isPlain = part.allSatisfy { (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }
            guard isPlain, let number = Double(String(decoding: part, as: UTF8.self)), number.isFinite else {
                return nil
            }
            numbers.append(number)
        }
        return numbers
    }

    private static let scripts: Set<String> = ["script", "handler", "listener"]
    private static let paints: Set<String> = ["stroke", "stop-color", "solid-color"]
    private static let dangers: Set<SVGFault.Code> = [
        .script, .raster, .externalReference, .useCycle, .useDepth, .doctype, .encoding, .processingInstruction,
    ]
    private static let names = [
        "black": "#000000", "white": "#ffffff", "red": "#ff0000", "lime": "#00ff00", "blue": "#0000ff",
        "yellow": "#ffff00", "gray": "#808080", "grey": "#808080", "green": "#008000", "navy": "#000080",
    ]
}
