#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Numbers opcodes by their text. Each opcode is parsed once and afterwards found by its bytes.
struct OpcodeTable {
    /// Most distinct opcodes that are kept. Real traces have a few hundred.
    private static let limit = 1 << 14
    private static let longest = 255

    private(set) var opcodes: [SASSOpcode] = []
    /// Text of each opcode, one after another.
    private var texts: [UInt8] = []
    private var ends: [Int] = []
    /// Hash table with open addressing. A slot has the number of the opcode plus one, or 0.
    private var slots = [UInt32](repeating: 0, count: 2 * limit)

    /// The number of the opcode with this text; nil where the text is too long or the table is full.
    @inline(__always)
    mutating func number(of text: UnsafeRawBufferPointer) -> Int? {
        guard !text.isEmpty, text.count <= Self.longest else { return nil }
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        var slot = Int(truncatingIfNeeded: hash ^ hash >> 32) & (2 * Self.limit - 1)
        while slots[slot] != 0 {
            let number = Int(slots[slot]) - 1
            if isEqual(number, text) { return number }
            slot = (slot + 1) & (2 * Self.limit - 1)
        }
        return insert(text, slot: slot)
    }

    @inline(__always)
    private func isEqual(_ number: Int, _ text: UnsafeRawBufferPointer) -> Bool {
        let start = number == 0 ? 0 : ends[number - 1]
        guard ends[number] - start == text.count, let address = text.baseAddress else { return false }
        return texts.withUnsafeBytes { memcmp($0.baseAddress! + start, address, text.count) == 0 }
    }

    private mutating func insert(_ text: UnsafeRawBufferPointer, slot: Int) -> Int? {
        guard opcodes.count < Self.limit else { return nil }
        opcodes.append(SASSOpcode(String(decoding: text, as: UTF8.self)))
        texts.append(contentsOf: text)
        ends.append(texts.count)
        slots[slot] = UInt32(opcodes.count)
        return opcodes.count - 1
    }
}
