import Trace

/// The opcodes that an export writes.
enum SASSText {
    /// Number of lane widths that SASS has. Their bytes are 1 << index.
    static let widths = 5
    private static let suffixes = [".U8", ".U16", "", ".64", ".128"]

    /// Opcodes by `index(_:_:width:)`.
    static let opcodes: [[UInt8]] = {
        var opcodes: [[UInt8]] = []
        for kind in AccessKind.allCases {
            for hint in CacheHint.allCases {
                for width in 0..<widths { opcodes.append(Array(opcode(kind, hint, width: width).utf8)) }
            }
        }
        return opcodes
    }()

    /// - Parameter width: logarithm of a lane's bytes.
    @inline(__always)
    static func index(_ kind: AccessKind, _ hint: CacheHint, width: Int) -> Int {
        (Int(kind.rawValue) &* CacheHint.allCases.count &+ Int(hint.rawValue)) &* widths &+ width
    }

    private static func opcode(_ kind: AccessKind, _ hint: CacheHint, width: Int) -> String {
        let suffix = suffixes[width]
        let policy: String
        switch hint {
        // These traces have no clusters. A multicast goes to the block's own SM alone.
        case .normal, .bypassL1, .modify, .miscellaneous, .takesLock, .givesLock, .multicast2, .multicast4, .multicast8:
            policy = ""
        case .evictFirst: policy = ".EF"
        case .evictLast: policy = ".EL"
        case .noAllocate: policy = ".NA"
        }
        let scope = hint == .bypassL1 ? ".STRONG.GPU" : ""
        switch kind {
        case .load: return "LDG.E" + policy + suffix + scope
        // Such traces do not have these. `AccelSimBlockWriter` refuses them.
        case .fetch, .copyBack, .invalidate: return ""
        case .store, .bulkStore: return "STG.E" + policy + suffix + scope
        // These traces have no bulk copies. The copy that is written instead bypasses the L1 and moves the same
        // sectors.
        case .copyBypass, .bulkLoad: return "LDGSTS.E.BYPASS" + policy + ".LTC128B" + suffix + scope
        case .copyThroughL1: return "LDGSTS.E" + policy + suffix + scope
        case .reduction: return "RED.E.ADD" + policy + suffix + scope
        case .atomic: return "ATOMG.E.ADD" + policy + suffix + scope
        case .localLoad: return "LDL" + policy + suffix + scope
        case .localStore: return "STL" + policy + suffix + scope
        }
    }

    /// Classes of a compute step, in the order of `ComputeLines`. Each text stands between mask and immediate.
    static let computeClasses = [
        "1 R4 HMMA.16816.F32 3 R0 R1 R2 0 ", "1 R4 FFMA 3 R0 R1 R2 0 ", "1 R4 IADD3 3 R0 R1 R2 0 ",
        "1 R4 MUFU.EX2 1 R0 0 ",
        "1 R4 LDS 1 R0 4 1 0x0000000000000000 4 ", "1 R4 SHFL.BFLY 1 R0 0 ", "0 NOP 0 0 ",
        "1 R4 HMMA.1688.F32 3 R0 R1 R2 0 ",
    ]
    /// The class of shared-memory accesses where a warp has one thread, because a stride needs two threads.
    static let oneLaneSharedLoad = "1 R4 LDS 1 R0 4 2 0x0000000000000000 "
}
