import Content

/// Where the fields of ChampSim's instruction records lie. All numbers are little-endian. The gaps that the compiler
/// leaves are counted.
///
/// *Source:* ChampSim, inc/trace_instruction.h, `input_instr` and `cloudsuite_instr`.
struct ChampSimLayout: Equatable {
    let recordBytes: Int
    /// Offset of the written addresses. They have 8 bytes each and follow each other. 0 means no address.
    let stores: Int
    let storeCount: Int
    /// Offset of the read addresses, which have the same form.
    let loads: Int
    let loadCount: Int

    /// Offset of the instruction's address. At 8 stands whether the instruction is a branch, at 9 whether the branch
    /// was taken.
    static let instruction = 0
    static let isBranch = 8
    static let isTaken = 9

    /// 2 registers written, 4 read.
    static let standard = ChampSimLayout(recordBytes: 64, stores: 16, storeCount: 2, loads: 32, loadCount: 4)
    /// 4 registers written, 4 read, then 6 bytes of gap. After the addresses come two bytes for the address space and 6
    /// bytes of gap.
    static let cloudSuite = ChampSimLayout(recordBytes: 96, stores: 24, storeCount: 4, loads: 56, loadCount: 4)

    /// Whether a record could be an instruction of a 64-bit machine. Its flags must be 0 or 1, it must have an
    /// instruction address, and the upper bits of each address must all be alike.
    func isPlausible(_ record: UnsafeRawPointer) -> Bool {
        func flag(_ offset: Int) -> Bool { record.load(fromByteOffset: offset, as: UInt8.self) <= 1 }
        func isAddress(_ offset: Int) -> Bool {
            let top = Int64(bitPattern: record.little64(offset)) >> 56
            return top == 0 || top == -1
        }
        guard flag(Self.isBranch), flag(Self.isTaken), record.little64(Self.instruction) != 0,
            isAddress(Self.instruction)
        else {
            return false
        }
        return (0..<storeCount).allSatisfy { isAddress(stores + 8 * $0) }
            && (0..<loadCount).allSatisfy { isAddress(loads + 8 * $0) }
    }

    /// Whether bytes are records of ChampSim beyond doubt, even if they begin like another kind of file. They may do so
    /// because the low bytes of an instruction's address can be any bytes, and a signature has only two to six. At
    /// least 14 bits of each record must be right.
    static func isCertain(_ bytes: some Collection<UInt8>) -> Bool {
        let head = Array(bytes.prefix(FileKind.headBytes))
        return [standard, cloudSuite].contains { head.count >= 2 * $0.recordBytes && $0.fits(head, isWhole: false) }
    }

    /// Whether all whole records of `bytes` are plausible. There must be at least one.
    func fits(_ bytes: [UInt8], isWhole: Bool) -> Bool {
        let count = bytes.count / recordBytes
        guard count > 0, !isWhole || bytes.count % recordBytes == 0 || count > 1 else { return false }
        return bytes.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress else { return false }
            return (0..<count).allSatisfy { isPlausible(base + $0 * recordBytes) }
        }
    }
}
