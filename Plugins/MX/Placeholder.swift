// MX
