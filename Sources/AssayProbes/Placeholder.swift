// AssayProbes
