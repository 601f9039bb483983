import Kernels

/// One row of a digest: one memory operation of one block.
struct GoldenRow: Equatable {
    var x = 0
    var y = 0
    var z = 0
    var sequence = 0
    /// `L`, `S` or `A`.
    var operation: UInt8 = 0
    /// Index into the header's allocations; -1 if the operation touches nothing.
    var allocation = -1
    var elementBytes = 0
    var elements = 0
    var minimum = -1
    var maximum = -1
    var sectors = 0
    var hash: UInt64 = 0

    /// A description of what is wrong with a line.
    struct Malformed: Error {
        let reason: String
    }

    private static let columns = ["x", "y", "z", "seq", "op", "alloc", "elem", "n", "min", "max", "nsec", "hash"]

    init() {}

    /// Reads one line without its end.
    init(parsing line: ArraySlice<UInt8>) throws(Malformed) {
        var fields: [Int] = []
        fields.reserveCapacity(10)
        var start = line.startIndex
        var column = 0
        while column < Self.columns.count {
            let end = line[start...].firstIndex(of: UInt8(ascii: ",")) ?? line.endIndex
            let field = line[start..<end]
            guard end < line.endIndex || column == Self.columns.count - 1 else {
                throw Malformed(reason: "it has \(column + 1) columns, not \(Self.columns.count)")
            }
            switch column {
            case 4:
                guard field.count == 1, let letter = field.first, "LSA".utf8.contains(letter) else {
                    throw Malformed(reason: "op is \"\(Self.text(field))\", not L, S or A")
                }
                operation = letter
            case 11:
                guard field.count == 16, let value = UInt64(Self.text(field), radix: 16) else {
                    throw Malformed(reason: "hash is \"\(Self.text(field))\", not 16 hexadecimal digits")
                }
                hash = value
            default:
                guard let value = Int(Self.text(field)) else {
                    throw Malformed(reason: "\(Self.columns[column]) is \"\(Self.text(field))\", not a whole number")
                }
                fields.append(value)
            }
            start = end < line.endIndex ? end + 1 : end
            column += 1
        }
        (x, y, z, sequence) = (fields[0], fields[1], fields[2], fields[3])
        (allocation, elementBytes, elements) = (fields[4], fields[5], fields[6])
        (minimum, maximum, sectors) = (fields[7], fields[8], fields[9])
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes.prefix(40), as: UTF8.self) }

    /// The columns in which `other` differs, as `nsec 128, not 64`. A row without elements touches no allocation.
    func differences(from other: GoldenRow) -> [String] {
        var found: [String] = []
        func compare(
            _ name: String, _ own: some Equatable & CustomStringConvertible, _ theirs: some CustomStringConvertible,
            _ same: Bool
        ) {
            if !same { found.append("\(name) \(own), not \(theirs)") }
        }
        compare(
            "op", String(UnicodeScalar(operation)), String(UnicodeScalar(other.operation)), operation == other.operation
        )
        if elements > 0 || other.elements > 0 {
            compare("alloc", allocation, other.allocation, allocation == other.allocation)
        }
        compare("elem", elementBytes, other.elementBytes, elementBytes == other.elementBytes)
        compare("n", elements, other.elements, elements == other.elements)
        compare("min", minimum, other.minimum, minimum == other.minimum)
        compare("max", maximum, other.maximum, maximum == other.maximum)
        compare("nsec", sectors, other.sectors, sectors == other.sectors)
        compare("hash", String(hash, radix: 16), String(other.hash, radix: 16), hash == other.hash)
        return found
    }

    /// Whether both rows name the same operation of the same block.
    func isSamePlace(as other: GoldenRow) -> Bool {
        x == other.x && y == other.y && z == other.z && sequence == other.sequence
    }

    var place: String { "block (\(x), \(y), \(z)) op \(sequence)" }
}
