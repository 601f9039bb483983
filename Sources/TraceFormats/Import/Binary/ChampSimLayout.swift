import Content

/// Where the fields of an instruction record of ChampSim's lie. All numbers are little-endian; the compiler's gaps are
/// counted.
///
/// *Source:* ChampSim, inc/trace_instruction.h, `input_instr` and `cloudsuite_instr`.
struct ChampSimLayout: Equatable {
    let recordBytes: Int
    /// Addresses written, 8 bytes each, 0 where there is none; they follow each other.
    let stores: Int
    let storeCount: Int
    /// Addresses read, likewise.
    let loads: Int
    let loadCount: Int

    /// Address of the instruction at 0; at 8 whether it is a branch, at 9 whether that was taken.
    static let instruction = 0
    static let isBranch = 8
    static let isTaken = 9

    /// 2 registers written, 4 read.
    static let standard = ChampSimLayout(recordBytes: 64, stores: 16, storeCount: 2, loads: 32, loadCount: 4)
    /// 4 registers written, 4 read, 6 bytes of gap; behind the addresses two bytes for the address space and 6 bytes of
    /// gap.
    static let cloudSuite = ChampSimLayout(recordBytes: 96, stores: 24, storeCount: 4, loads: 56, loadCount: 4)

    /// Whether a record could be an instruction of a 64-bit machine: flags of 0 or 1, an address of the instruction,
    /// and addresses whose upper bits are all alike.
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

    /// Whether bytes are records of ChampSim beyond doubt, though they may begin as another kind of file: the low bytes
    /// of an instruction's address are any bytes, and a signature is only two to six of them. Of each record 14 bits
    /// and more have to be right.
    static func isCertain(_ bytes: some Collection<UInt8>) -> Bool {
        let head = Array(bytes.prefix(FileKind.headBytes))
        return [standard, cloudSuite].contains { head.count >= 2 * $0.recordBytes && $0.fits(head, isWhole: false) }
    }

    /// Whether all whole records of `bytes`, at least one, are plausible.
    func fits(_ bytes: [UInt8], isWhole: Bool) -> Bool {
        let count = bytes.count / recordBytes
        guard count > 0, !isWhole || bytes.count % recordBytes == 0 || count > 1 else { return false }
        return bytes.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress else { return false }
            return (0..<count).allSatisfy { isPlausible(base + $0 * recordBytes) }
        }
    }
}
