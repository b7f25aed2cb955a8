import Glibc

/// Round trips that a scan waits for: the slope of its wall time over the round-trip time, so that CPU time drops out.
struct Chain {
    private var points: [(roundTrip: Double, wall: Double)] = []

    /// The chain of performance.md from an empty resolver: 7.2 to the first signed MX, 1.2 to a second name of its zone, and
    /// 7.0 for the dialogue with a clean server.
    private static let floor = 7.2 + 1.2 + 7.0

    /// Lines of a round-trip time and a wall time.
    init(_ text: String) {
        for line in text.split(whereSeparator: \.isNewline) {
            let numbers = line.split(separator: " ").compactMap { Double($0) }
            guard numbers.count == 2 else { fatalError("not two numbers: \(line)") }
            points.append((numbers[0], numbers[1]))
        }
    }

    func isMet() -> Bool {
        for point in points { print("     at \(Int(point.roundTrip)) ms of round-trip time: \(Int(point.wall)) ms") }
        let (x, y) = (points.map(\.roundTrip), points.map(\.wall))
        let (meanX, meanY) = (x.reduce(0, +) / Double(x.count), y.reduce(0, +) / Double(y.count))
        let covariance = zip(x, y).map { ($0 - meanX) * ($1 - meanY) }.reduce(0, +)
        let slope = covariance / x.map { ($0 - meanX) * ($0 - meanX) }.reduce(0, +)
        return Bench.report("round trips of a basic scan, resolver empty", slope, "", atMost: Self.floor + 1)
    }
}
