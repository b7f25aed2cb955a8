import AssayModel
import Yams

/// Turns one YAML document into rules or a profile, checking every name and type against the facts.
struct RuleReader {
    let document: YAMLDocument
    let catalogue: FactCatalogue
    private var nextConditionID = 0

    init(_ source: RuleSource, catalogue: FactCatalogue) throws(RuleError) {
        document = try YAMLDocument(source)
        self.catalogue = catalogue
    }

    enum Content {
        case rules([Rule])
        case profile(Profile)
    }

    mutating func read() throws(RuleError) -> Content {
        switch document.root {
        case .sequence(let items):
            var rules: [Rule] = []
            for item in items { rules.append(try rule(item)) }
            return .rules(rules)
        case .mapping:
            return .profile(try profile(document.root))
        default:
            throw document.error(document.root, "expected a list of rules, or a profile")
        }
    }

    // MARK: Rules

    private mutating func rule(_ node: Node) throws(RuleError) -> Rule {
        let members = try document.members(
            of: node, "a rule",
            allowed: [
                "id", "when", "forEach", "severity", "title", "text", "remedy", "references", "explains", "cases",
            ])
        let id = try document.text(document.required("id", of: members, node))
        guard
            id.utf8.allSatisfy({ (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F || $0 == 0x2E }
            ),
            !id.isEmpty
        else {
            throw document.error(members["id"] ?? node, "an id has lower-case letters, digits, underscores and dots")
        }
        let when = try condition(document.required("when", of: members, node), anchor: nil)
        guard let anchor = when.facts.first else { throw document.error(node, "\"when\" asks about no fact") }
        let ladder = try severity(document.required("severity", of: members, node), anchor: anchor.fact)
        let each = try members["forEach"].map { (node) throws(RuleError) in try forEach(node, anchor: anchor.fact) }
        let isItem = each != nil
        let references = try document.texts(document.required("references", of: members, node))
        return Rule(
            id: id, title: try template(document.required("title", of: members, node), anchor: anchor.fact, each: each),
            text: try template(document.required("text", of: members, node), anchor: anchor.fact, each: each),
            remedy: try template(document.required("remedy", of: members, node), anchor: anchor.fact, each: each),
            references: references, file: document.file, line: node.mark?.line ?? 1, anchor: anchor.fact,
            explains: try members["explains"].map { (node) throws(RuleError) in try document.texts(node) } ?? [],
            when: when,
            severity: ladder, forEach: isItem ? each : nil,
            cases: try cases(members["cases"]))
    }

    private mutating func condition(_ node: Node, anchor: String?) throws(RuleError) -> Condition {
        let pairs = try document.members(
            of: node, "a condition", allowed: ["fact", "is", "on", "where", "all", "any", "not"])
        let kinds = ["fact", "all", "any", "not"].filter { pairs[$0] != nil }
        if kinds.isEmpty, let anchor, pairs["where"] != nil { return try factCondition(pairs, fact: anchor, node) }
        guard kinds.count == 1 else {
            throw document.error(node, "a condition is one of: fact, all, any, not")
        }
        if let part = pairs["not"] { return .not(try condition(part, anchor: anchor)) }
        if let parts = pairs["all"] { return .all(try conditions(parts, anchor: anchor)) }
        if let parts = pairs["any"] { return .any(try conditions(parts, anchor: anchor)) }
        let factNode = pairs["fact"] ?? node
        let fact = try document.text(factNode)
        guard catalogue[fact] != nil else { throw document.error(factNode, "there is no fact \"\(fact)\"") }
        return try factCondition(pairs, fact: fact, node)
    }

    private mutating func conditions(_ node: Node, anchor: String?) throws(RuleError) -> [Condition] {
        var result: [Condition] = []
        for part in try document.items(node) { result.append(try condition(part, anchor: anchor)) }
        guard !result.isEmpty else { throw document.error(node, "the list is empty") }
        return result
    }

    private mutating func factCondition(
        _ pairs: [String: Node], fact: String, _ node: Node
    ) throws(RuleError) -> Condition {
        var outcome = Outcome<FactValue>.Kind.observed
        if let isNode = pairs["is"] {
            guard let kind = Outcome<FactValue>.Kind(rawValue: try document.text(isNode)) else {
                throw document.error(isNode, "\"is\" takes observed, absent, undetermined or not_applicable")
            }
            outcome = kind
        }
        var scope = FactCondition.Scope.own
        if let onNode = pairs["on"] {
            guard let value = FactCondition.Scope(rawValue: try document.text(onNode)) else {
                throw document.error(onNode, "\"on\" takes own, any or every")
            }
            scope = value
        }
        let shape = catalogue[fact] ?? .unknown
        let tests =
            try pairs["where"].map { (node) throws(RuleError) in try self.tests(node, shape: shape, fact: fact) } ?? []
        if let whereNode = pairs["where"], outcome != .observed {
            throw document.error(whereNode, "only an observed fact has fields")
        }
        nextConditionID += 1
        return .fact(FactCondition(id: nextConditionID, fact: fact, outcome: outcome, scope: scope, tests: tests))
    }

    private func tests(
        _ node: Node, shape: FactCatalogue.Shape, fact: String
    ) throws(RuleError) -> [FieldTest] {
        var tests: [FieldTest] = []
        for (keyNode, valueNode) in try document.mapping(node) {
            let path = try document.text(keyNode)
            guard let field = path == "item" ? shape : FactCatalogue.step(into: shape, path) else {
                throw document.error(keyNode, "\(fact) has no field \"\(path)\"")
            }
            let place = path == "item" ? "" : path
            guard case .mapping(let operators) = valueNode else {
                tests.append(FieldTest(path: place, test: .equals(try value(valueNode, as: field))))
                continue
            }
            for (operatorNode, operand) in operators {
                tests.append(FieldTest(path: place, test: try fieldOperator(operatorNode, operand, field)))
            }
        }
        guard !tests.isEmpty else { throw document.error(node, "\"where\" holds no test") }
        return tests
    }

    private func fieldOperator(
        _ node: Node, _ operand: Node, _ field: FactCatalogue.Shape
    ) throws(RuleError) -> FieldTest.Operator {
        let name = try document.text(node)
        switch name {
        case "equals": return .equals(try value(operand, as: field))
        case "oneOf":
            var values: [FactValue] = []
            for item in try document.items(operand) { values.append(try value(item, as: field)) }
            return .oneOf(values)
        case "below", "atLeast":
            switch field {
            case .int, .double, .list: break
            default: throw document.error(node, "\(name) needs a number or a list, and this field is \(field.name)")
            }
            guard let number = operand.scalar.flatMap({ Double($0.string) }) else {
                throw document.error(operand, "\(name) takes a number")
            }
            return name == "below" ? .below(number) : .atLeast(number)
        case "contains":
            guard case .list(let item) = field else {
                throw document.error(node, "contains needs a list, and this field is \(field.name)")
            }
            return .contains(try value(operand, as: item))
        case "matches":
            guard field == .string else {
                throw document.error(node, "matches needs a text, and this field is \(field.name)")
            }
            return .matches(try document.text(operand))
        case "exists":
            guard case .bool(let wanted) = try value(operand, as: .bool) else { return .exists(true) }
            return .exists(wanted)
        default:
            throw document.error(
                node,
                "there is no operator \"\(name)\"; there are equals, oneOf, below, atLeast, contains, matches, exists")
        }
    }

    private mutating func severity(_ node: Node, anchor: String) throws(RuleError) -> SeverityLadder {
        if case .scalar = node { return SeverityLadder(steps: [], otherwise: try severityName(node)) }
        var steps: [SeverityLadder.Step] = []
        let all = try document.items(node)
        guard let last = all.last, case .scalar = last else {
            throw document.error(node, "the last of a list of severities stands without a condition")
        }
        for item in all.dropLast() {
            let pairs = try document.mapping(item)
            guard pairs.count == 1, let (name, condition) = pairs.first else {
                throw document.error(item, "one severity and its condition")
            }
            steps.append(
                .init(severity: try severityName(name), condition: try self.condition(condition, anchor: anchor)))
        }
        return SeverityLadder(steps: steps, otherwise: try severityName(last))
    }

    private func severityName(_ node: Node) throws(RuleError) -> Severity {
        guard let severity = Severity(rawValue: try document.text(node)) else {
            throw document.error(node, "a severity is critical, high, medium, low or info")
        }
        return severity
    }

    private func forEach(_ node: Node, anchor: String) throws(RuleError) -> ForEach {
        let pairs = try document.members(of: node, "forEach", allowed: ["list", "key", "where"])
        let listNode = try document.required("list", of: pairs, node)
        let path = try document.text(listNode)
        guard case .list(let item)? = catalogue.shape(of: anchor, path: path) else {
            throw document.error(listNode, "\(anchor) has no list \"\(path)\"")
        }
        let key = try pairs["key"].map { (node) throws(RuleError) in try document.text(node) }
        if let key, FactCatalogue.step(into: item, key) == nil, let keyNode = pairs["key"] {
            throw document.error(keyNode, "the items of \(path) have no member \"\(key)\"")
        }
        if key == nil, item != .string { throw document.error(listNode, "the items of \(path) need a \"key\"") }
        let tests =
            try pairs["where"].map { (node) throws(RuleError) in
                try self.tests(node, shape: item, fact: "an item of \(path)")
            } ?? []
        return ForEach(path: path, key: key, tests: tests)
    }

    private func template(_ node: Node, anchor: String, each: ForEach?) throws(RuleError) -> Template {
        let source = try document.text(node)
        guard !source.isEmpty else { throw document.error(node, "the text is empty") }
        let template: Template
        do { template = try Template(source) } catch { throw document.error(node, error.words) }
        for placeholder in template.placeholders where !isKnown(placeholder, anchor: anchor, each: each) {
            throw document.error(
                node,
                "{\(placeholder.fact.map { "\($0):" } ?? "")\(placeholder.path)} names no field of \(placeholder.fact ?? anchor)"
            )
        }
        return template
    }

    private func isKnown(_ placeholder: Template.Placeholder, anchor: String, each: ForEach?) -> Bool {
        if let fact = placeholder.fact { return catalogue.shape(of: fact, path: placeholder.path) != nil }
        if placeholder.path == "item" { return each != nil }
        if Template.subjectNames.contains(placeholder.path) { return true }
        if let each, placeholder.path.utf8.starts(with: "item.".utf8) {
            guard case .list(let item)? = catalogue.shape(of: anchor, path: each.path) else { return false }
            return FactCatalogue.step(into: item, String(decoding: placeholder.path.utf8.dropFirst(5), as: UTF8.self))
                != nil
        }
        return catalogue.shape(of: anchor, path: placeholder.path) != nil
    }

    // MARK: Cases

    private func cases(_ node: Node?) throws(RuleError) -> [RuleCase] {
        guard let node else { return [] }
        var cases: [RuleCase] = []
        for item in try document.items(node) {
            let pairs = try document.members(of: item, "a case", allowed: ["fires", "given"])
            let firesNode = try document.required("fires", of: pairs, item)
            let expectation: RuleCase.Expectation
            switch try document.text(firesNode) {
            case "true", "yes": expectation = .fires(nil)
            case "false", "no": expectation = .doesNotFire
            case "undetermined": expectation = .undetermined
            default: expectation = .fires(try severityName(firesNode))
            }
            var given: [(String, Outcome<FactValue>)] = []
            for (factNode, valueNode) in try document.mapping(try document.required("given", of: pairs, item)) {
                let fact = try document.text(factNode)
                guard let shape = catalogue[fact] else {
                    throw document.error(factNode, "there is no fact \"\(fact)\"")
                }
                given.append((fact, try outcome(valueNode, shape: shape)))
            }
            cases.append(RuleCase(expectation: expectation, given: given, line: item.mark?.line ?? 1))
        }
        return cases
    }

    private func outcome(_ node: Node, shape: FactCatalogue.Shape) throws(RuleError) -> Outcome<FactValue> {
        guard case .scalar(let scalar) = node else { return .observed(try value(node, as: shape)) }
        switch scalar.string {
        case "absent": return .absent
        case "undetermined": return .undetermined(Cause("example"))
        case "not_applicable": return .notApplicable("example")
        default: throw document.error(node, "a fact is absent, undetermined, not_applicable, or its fields")
        }
    }

    // MARK: Profiles

    private func profile(_ node: Node) throws(RuleError) -> Profile {
        let pairs = try document.members(of: node, "a profile", allowed: ["profile", "title", "severity", "disable"])
        let name = try document.text(document.required("profile", of: pairs, node))
        let title = try document.text(document.required("title", of: pairs, node))
        var severities: [String: Severity] = [:]
        if let overrides = pairs["severity"] {
            for (key, value) in try document.mapping(overrides) {
                severities[try document.text(key)] = try severityName(value)
            }
        }
        let disabled = try pairs["disable"].map { (node) throws(RuleError) in try document.texts(node) } ?? []
        return Profile(name: name, title: title, severity: severities, disabled: Set(disabled), file: document.file)
    }

    // MARK: YAML

    private func value(_ node: Node, as shape: FactCatalogue.Shape) throws(RuleError) -> FactValue {
        switch (shape, node) {
        case (.bool, .scalar(let scalar)) where ["true", "false"].contains(scalar.string):
            return .bool(scalar.string == "true")
        case (.int, .scalar(let scalar)):
            if let number = Int(scalar.string) { return .int(number) }
        case (.double, .scalar(let scalar)):
            if let number = Double(scalar.string) { return .double(number) }
        case (.string, .scalar(let scalar)), (.unknown, .scalar(let scalar)):
            return .string(scalar.string)
        case (.list(let item), .sequence(let nodes)):
            var values: [FactValue] = []
            for node in nodes { values.append(try value(node, as: item)) }
            return .list(values)
        case (.object(let shapes), .mapping(let members)):
            var values: [String: FactValue] = [:]
            for (key, node) in members {
                let name = try document.text(key)
                guard let shape = shapes[name] else { throw document.error(key, "there is no field \"\(name)\"") }
                values[name] = try value(node, as: shape)
            }
            return .object(values)
        default:
            break
        }
        throw document.error(node, "expected \(shape.name)")
    }
}
