import Trace

/// The instruction lines of one warp of a block, and the state on which the next line depends.
///
/// All instructions may read R0 to R2, which are never written. R3 holds the data of stores. R4 to R7 take results of
/// arithmetic in turn. Loads write to R8, R12, ... R252 in turn, so that instructions that wait for loads can name
/// them.
struct WarpText: ~Copyable {
    private static let firstLoadRegister: UInt64 = 8
    private static let loadRegisters: UInt64 = 62
    /// Number of instructions after which the program counter starts again. This is 32 KiB of code, as much as an
    /// instruction cache holds.
    private static let codeInstructions: UInt64 = 2048

    private(set) var text = TextBuffer()
    private(set) var instructions: UInt64 = 0
    /// Loads since the last wait for loads, and loads in all.
    private var outstanding: UInt64 = 0
    private var loads: UInt64 = 0
    /// Instructions that were written as operations of their own since compute steps last counted them: memory
    /// instructions, and others.
    private var memoryCredit: UInt64 = 0
    private var otherCredit: UInt64 = 0

    /// Forgets the block before.
    mutating func removeAll() {
        text.removeAll(keeping: 1 << 20)
        (instructions, outstanding, loads, memoryCredit, otherCredit) = (0, 0, 0, 0, 0)
    }

    /// Program counter and mask.
    @inline(__always)
    private mutating func begin(mask: UInt32) {
        text.append(hexadecimal: (instructions & (Self.codeInstructions &- 1)) &<< 4, digits: 4)
        text.append(byte: UInt8(ascii: " "))
        text.append(hexadecimal: UInt64(mask), digits: 8)
        text.append(byte: UInt8(ascii: " "))
        instructions &+= 1
    }

    /// Destination, opcode and sources of a memory instruction.
    @inline(__always)
    private mutating func appendOpcode(_ opcode: Int, kind: AccessKind) {
        switch kind {
        case .load, .localLoad, .fetch, .atomic:
            text.append("1 R")
            text.append(decimal: Self.firstLoadRegister &+ 4 &* (loads % Self.loadRegisters))
            text.append(byte: UInt8(ascii: " "))
            loads &+= 1
            outstanding &+= 1
        case .store, .localStore, .reduction, .copyBypass, .copyThroughL1, .bulkLoad, .bulkStore, .copyBack,
            .invalidate:
            text.append("0 ")
        }
        text.append(SASSText.opcodes[opcode])
        switch kind {
        case .load, .localLoad, .fetch: text.append(" 1 R2 ")
        default: text.append(" 2 R2 R3 ")
        }
        memoryCredit &+= 1
    }

    /// Appends a memory instruction of the lanes from 0 on. The addresses are spelled as the tracer does: as a base and
    /// a stride, else as a base and differences.
    /// - Parameters:
    ///   - lanes: 1 to 32 addresses.
    ///   - width: logarithm of a lane's bytes.
    @inline(__always)
    mutating func append(
        _ kind: AccessKind, _ hint: CacheHint, width: Int, lanes: UnsafeBufferPointer<UInt64>
    ) {
        begin(mask: UInt32.max &>> UInt32(truncatingIfNeeded: 32 &- lanes.count))
        appendOpcode(SASSText.index(kind, hint, width: width), kind: kind)
        text.append(decimal: 1 &<< UInt64(width))
        let first = lanes[0]
        if let stride = Self.stride(of: lanes) {
            text.append(" 1 0x")
            text.append(hexadecimal: first, digits: 16)
            text.append(byte: UInt8(ascii: " "))
            text.append(signed: Int64(stride))
        } else {
            text.append(" 2 0x")
            text.append(hexadecimal: first, digits: 16)
            var last = first
            for lane in 1..<max(1, lanes.count) {
                text.append(byte: UInt8(ascii: " "))
                text.append(signed: Int64(bitPattern: lanes[lane] &- last))
                last = lanes[lane]
            }
        }
        text.append(" 0 \n")
    }

    /// Appends a local-memory instruction of the lanes in `mask`. Each lane accesses the same offset of its own memory.
    /// - Parameter width: logarithm of a lane's bytes.
    mutating func append(local kind: AccessKind, _ hint: CacheHint, width: Int, mask: UInt32, offset: UInt64) {
        begin(mask: mask)
        appendOpcode(SASSText.index(kind, hint, width: width), kind: kind)
        text.append(decimal: 1 &<< UInt64(width))
        let lanes = mask >> UInt32(mask.trailingZeroBitCount)
        // A base and a stride, where the lanes have no gap.
        let isRun = lanes & (lanes &+ 1) == 0 && lanes > 1
        text.append(isRun ? " 1 0x" : " 2 0x")
        text.append(hexadecimal: offset, digits: 16)
        for _ in 0..<(isRun ? 1 : mask.nonzeroBitCount - 1) { text.append(" 0") }
        text.append(" 0 \n")
    }

    /// The common difference of two or more addresses, where they have one and it fits 32 bits.
    @inline(__always)
    private static func stride(of lanes: UnsafeBufferPointer<UInt64>) -> Int32? {
        guard lanes.count > 1 else { return nil }
        let step = lanes[1] &- lanes[0]
        guard let stride = Int32(exactly: Int64(bitPattern: step)) else { return nil }
        for lane in 2..<max(2, lanes.count) where lanes[lane] &- lanes[lane &- 1] != step { return nil }
        return stride
    }

    /// An instruction without addresses.
    mutating func append(plain opcode: StaticString, immediate: UInt64 = 0, mask: UInt32) {
        begin(mask: mask)
        text.append("0 ")
        text.append(opcode)
        text.append(" 0 0 ")
        text.append(decimal: immediate)
        text.append(" \n")
        otherCredit &+= 1
    }

    /// Appends instructions that read the registers of all outstanding loads, four registers each.
    mutating func awaitLoads(mask: UInt32) {
        var left = min(outstanding, Self.loadRegisters)
        while left > 0 {
            let sources = min(left, 4)
            begin(mask: mask)
            text.append("0 NOP ")
            text.append(decimal: sources)
            for place in 0..<sources {
                text.append(" R")
                text.append(decimal: Self.firstLoadRegister &+ 4 &* ((loads &- left &+ place) % Self.loadRegisters))
            }
            text.append(" 0 0 \n")
            otherCredit &+= 1
            left -= sources
        }
        outstanding = 0
    }

    /// Appends the instructions of a compute step with its classes interleaved evenly. Instructions that were written
    /// as operations are left out.
    /// - Parameter counts: instructions by class, in the order of `SASSText.computeClasses`.
    mutating func append(compute counts: SIMD8<UInt32>, lines: ComputeLines) {
        var counts = SIMD8<Int64>(truncatingIfNeeded: counts)
        let memory = min(counts[ComputeLines.memory], Int64(clamping: memoryCredit))
        counts[ComputeLines.memory] -= memory
        memoryCredit -= UInt64(memory)
        let other = min(counts[ComputeLines.other], Int64(clamping: otherCredit))
        counts[ComputeLines.other] -= other
        otherCredit -= UInt64(other)
        let total = counts.wrappedSum()
        var due = SIMD8<Int64>()
        for _ in 0..<total {
            due &+= counts
            var best = 0
            for place in 1..<8 where due[place] > due[best] { best = place }
            due[best] &-= total
            begin(mask: lines.mask)
            let start = text.count
            text.append(lines.bodies[best])
            // The result goes to `R4` to `R7` in turn, so that instructions do not wait for each other's results.
            if lines.hasResult[best] {
                text.replace(at: start + 3, with: UInt8(ascii: "4") &+ UInt8(truncatingIfNeeded: instructions & 3))
            }
        }
    }
}

/// The text of compute steps' lines from the mask on.
struct ComputeLines {
    static let memory = 4
    static let other = 6

    let mask: UInt32
    let bodies: [[UInt8]]
    let hasResult: [Bool]

    init(mask: UInt32) {
        self.mask = mask
        var texts = SASSText.computeClasses
        if mask == 1 { texts[Self.memory] = SASSText.oneLaneSharedLoad }
        bodies = texts.map { Array(($0 + "0 \n").utf8) }
        hasResult = texts.map { $0.hasPrefix("1 R4") }
    }

    /// Instructions by class. Instructions without a class become `NOP`. There are as many tensor instructions as the
    /// step's products need.
    static func counts(of work: ComputeWork) -> SIMD8<UInt32> {
        let classes = [work.tensor, work.fp32, work.alu, work.special, work.memory, work.shuffle]
        let named = classes.reduce(UInt64(0)) { $0 + UInt64($1) }
        let rest = UInt32(clamping: UInt64(work.instructions) > named ? UInt64(work.instructions) - named : 0)
        let isHalf = work.products > 0 && work.products <= work.tensor / 2
        let tensor = isHalf ? work.tensor : max(work.tensor, work.products)
        return [
            isHalf ? 0 : tensor, work.fp32, work.alu, work.special, work.memory, work.shuffle, rest,
            isHalf ? tensor : 0,
        ]
    }
}
