import CLibXML2

/// What a parser says while it reads (SAX2, with namespaces). Texts are valid UTF-8: the gate saw to that.
protocol SVGParserDelegate: AnyObject {
    func start(_ element: SVGParser.Name, _ attributes: [(name: SVGParser.Name, value: String)])
    func end()
    func text(_ text: String)
    /// The document is not well-formed; nothing comes behind it.
    func failed(_ words: String, line: Int, column: Int)
}

/// libxml2's push parser: no document type, no entities, no network, no tree. For documents that passed `SVGGate`, in a process
/// that may die.
final class SVGParser {
    struct Name: Equatable {
        let local: String
        let prefix: String?
        let namespace: String?

        /// `xlink:href`.
        var written: String { prefix.map { "\($0):\(local)" } ?? local }
    }

    private unowned let delegate: any SVGParserDelegate
    private var parser: xmlParserCtxtPtr?
    private var hasFailed = false

    init(_ delegate: any SVGParserDelegate) { self.delegate = delegate }

    func parse(_ octets: [UInt8]) {
        clibxml2_load_nothing()
        var handler = clibxml2_empty_handler()
        handler.startElementNs = { data, local, prefix, uri, _, _, count, _, attributes in
            SVGParser.of(data)?.began(local, prefix, uri, Int(count), attributes)
        }
        handler.endElementNs = { data, _, _, _ in
            guard let parser = SVGParser.of(data), !parser.hasFailed else { return }
            parser.delegate.end()
        }
        handler.characters = { data, octets, count in SVGParser.of(data)?.said(octets, Int(count)) }
        handler.ignorableWhitespace = { data, octets, count in SVGParser.of(data)?.said(octets, Int(count)) }
        handler.cdataBlock = { data, octets, count in SVGParser.of(data)?.said(octets, Int(count)) }
        handler.serror = { data, error in
            guard let error, error.pointee.level != XML_ERR_WARNING, error.pointee.level != XML_ERR_NONE else { return }
            let words = error.pointee.message.map { String(cString: $0) } ?? ""
            SVGParser.of(data)?.fail(words, line: Int(error.pointee.line), column: Int(error.pointee.int2))
        }
        let own = Unmanaged.passUnretained(self).toOpaque()
        guard let parser = xmlCreatePushParserCtxt(&handler, own, nil, 0, nil) else {
            return fail("no parser", line: 1, column: 1)
        }
        defer { xmlFreeParserCtxt(parser) }
        self.parser = parser
        _ = xmlCtxtUseOptions(parser, Int32(XML_PARSE_NONET.rawValue) | Int32(XML_PARSE_NOERROR.rawValue))
        let status = octets.withUnsafeBytes { buffer in
            xmlParseChunk(parser, buffer.bindMemory(to: CChar.self).baseAddress, Int32(buffer.count), 1)
        }
        if status != 0 || parser.pointee.wellFormed != 1 {
            fail("not well-formed", line: Int(clibxml2_line(parser)), column: Int(clibxml2_column(parser)))
        }
        self.parser = nil
    }

    private static func of(_ data: UnsafeMutableRawPointer?) -> SVGParser? {
        data.map { Unmanaged<SVGParser>.fromOpaque($0).takeUnretainedValue() }
    }

    private func began(
        _ local: UnsafePointer<xmlChar>?, _ prefix: UnsafePointer<xmlChar>?, _ uri: UnsafePointer<xmlChar>?,
        _ count: Int,
        _ list: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
    ) {
        guard !hasFailed else { return }
        var attributes: [(name: Name, value: String)] = []
        for index in 0..<count {
            // Local name, prefix, namespace, begin and end of the value.
            guard let list, let begin = list[index * 5 + 3], let end = list[index * 5 + 4] else { continue }
            let octets = UnsafeBufferPointer(start: begin, count: end - begin)
            attributes.append(
                (Self.name(list[index * 5], list[index * 5 + 1], list[index * 5 + 2]), Self.value(Array(octets))))
        }
        delegate.start(Self.name(local, prefix, uri), attributes)
    }

    private func said(_ octets: UnsafePointer<xmlChar>?, _ count: Int) {
        guard let octets, !hasFailed else { return }
        delegate.text(String(decoding: UnsafeBufferPointer(start: octets, count: count), as: UTF8.self))
    }

    private func fail(_ words: String, line: Int, column: Int) {
        guard !hasFailed else { return }
        hasFailed = true
        delegate.failed(words, line: max(1, line), column: max(1, column))
        if let parser { xmlStopParser(parser) }
    }

    private static func name(
        _ local: UnsafePointer<xmlChar>?, _ prefix: UnsafePointer<xmlChar>?, _ uri: UnsafePointer<xmlChar>?
    ) -> Name {
        Name(
            local: local.map { String(cString: $0) } ?? "", prefix: prefix.map { String(cString: $0) },
            namespace: uri.map { String(cString: $0) })
    }

    /// Without entity substitution, libxml2 leaves an ampersand in attribute values as `&#38;` and nothing else.
    private static func value(_ octets: [UInt8]) -> String {
        let escaped = Array("&#38;".utf8)
        guard octets.contains(UInt8(ascii: "&")) else { return String(decoding: octets, as: UTF8.self) }
        var result: [UInt8] = []
        var index = 0
        while index < octets.count {
            result.append(octets[index])
            index += octets[index...].starts(with: escaped) ? escaped.count : 1
        }
        return String(decoding: result, as: UTF8.self)
    }
}
