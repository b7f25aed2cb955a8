// AssayRules
