/// Counts what is not sent to memory.
struct CountedTraffic {
    private static let names: [SASSOpcode.StaticName] = [.shared, .constant, .surface, .other]
    private var counts = SIMD4<UInt64>()

    @inline(__always)
    mutating func add(_ name: SASSOpcode.StaticName) {
        switch name {
        case .shared: counts[0] &+= 1
        case .constant: counts[1] &+= 1
        case .surface: counts[2] &+= 1
        case .other: counts[3] &+= 1
        }
    }

    /// Adds the counts to a summary.
    func report(to summary: inout ImportSummary) {
        for (place, name) in Self.names.enumerated() { summary.count(name.rawValue, counts[place]) }
    }
}
