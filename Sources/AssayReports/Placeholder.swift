// AssayReports
