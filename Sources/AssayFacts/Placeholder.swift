// AssayFacts
