/// Which rows the indices of a gather or scatter name. A list does not hold the indices themselves.
enum IndexDistribution: String, Sendable, CaseIterable {
    /// Each index any row, with equal chance.
    case random
    /// Random indices in ascending order.
    case sorted
    /// A row for each index, each row once, in a random order.
    case permutation
    /// Rows one after the other.
    case sequence

    /// The distribution that the attribute `indices` names; random indices without it.
    init(of op: Operator) throws(OperatorDefect) {
        switch op.attributes["indices"] {
        case nil: self = .random
        case .text(let name):
            guard let known = IndexDistribution(rawValue: name) else { fallthrough }
            self = known
        default:
            throw OperatorDefect(
                "'indices' of \(op.name) names no distribution",
                cure: "give one of \(Self.allCases.map(\.rawValue).joined(separator: ", "))")
        }
    }

    /// The row that an index names.
    @inline(__always)
    func row(ofIndex index: Int, of count: Int, among rows: Int) -> Int {
        switch self {
        case .random: return Int(Self.hash(UInt64(index)) % UInt64(rows))
        case .sorted: return index * rows / count
        case .sequence: return index % rows
        case .permutation:
            // Four rounds over the halves of the number's bits; numbers beyond the rows go round again.
            let bits = max(1, (Int.bitWidth - (rows - 1).leadingZeroBitCount + 1) / 2)
            let mask = UInt64(1) << UInt64(bits) - 1
            var number = UInt64(index % rows)
            repeat {
                for round in 0..<UInt64(4) {
                    let low = number & mask
                    number = low << UInt64(bits) | (number >> UInt64(bits) ^ Self.hash(low << 3 | round)) & mask
                }
            } while number >= UInt64(rows)
            return Int(number)
        }
    }

    /// A pseudo-random number. *Source:* splitmix64.
    @inline(__always)
    private static func hash(_ value: UInt64) -> UInt64 {
        var z = value &+ 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
