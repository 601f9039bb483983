import Trace

/// What a SASS opcode such as `LDG.E.128.CONSTANT` does to memory, and which pipe it uses.
struct SASSOpcode: Equatable {
    /// What the importer does with an instruction.
    enum Action: Equatable {
        /// An access to global memory.
        case access(AccessKind)
        /// An access to local memory.
        case local(AccessKind)
        /// LD or ST. The address tells the space.
        case generic(AccessKind)
        /// A bulk copy of the tensor memory accelerator.
        case bulk(AccessKind)
        /// LDGDEPBAR: closes a group of asynchronous copies.
        case commit
        /// DEPBAR: waits for groups. Its immediate says how many may stay outstanding.
        case awaitGroups
        /// SYNCS: waits for a barrier in shared memory, which bulk copies complete.
        case awaitBulk
        /// BAR: waits for the block's other warps.
        case barrier
        /// CCTL.IVALL: invalidates the L1.
        case invalidate
        /// Memory traffic that never leaves the SM, or whose addresses are not recorded. Its lines are skipped for this
        /// reason.
        case counted(LineAccount.Outcome)
        case none

        /// Whether it is an access that takes its data from registers.
        var writes: Bool {
            switch self {
            case .access(let kind), .local(let kind), .generic(let kind):
                kind == .store || kind == .localStore || kind == .reduction || kind == .atomic
            default: false
            }
        }
    }

    /// The opcode's first token.
    let name: String
    var action: Action
    var hint: CacheHint
    /// Bytes of a lane; nil where the opcode does not say.
    var laneBytes: Int?
    /// What one such instruction adds to the instruction counts, in the order of `WorkCounts`.
    var work: WorkCounts
    /// Whether it copies from global to shared memory. Such an instruction has an operand in each, and recorders may
    /// write a line for either.
    let isAsynchronousCopy: Bool
    /// Whether the opcode has one more number behind its sources in traces of version 6.
    var hasGroupFlag: Bool

    /// - Parameter text: the dotted opcode.
    init(_ text: String) {
        let tokens = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        name = tokens[0]
        action = Self.action(name, tokens)
        isAsynchronousCopy = name == "LDGSTS"
        hint = Self.hint(tokens)
        laneBytes = Self.laneBytes(tokens)
        work = Self.work(name, tokens)
        hasGroupFlag = name.contains("GMMA")
    }

    private static func action(_ name: String, _ tokens: [String]) -> Action {
        switch name {
        case "LDG": return .access(.load)
        case "STG": return .access(.store)
        case "LDGSTS": return .access(tokens.contains("BYPASS") ? .copyBypass : .copyThroughL1)
        case "RED", "REDG": return .access(.reduction)
        case "ATOM", "ATOMG": return .access(.atomic)
        case "LDL": return .local(.localLoad)
        case "STL": return .local(.localStore)
        case "LD": return .generic(.load)
        case "ST": return .generic(.store)
        case "UTMALDG", "UTMAPF", "UBLKPF": return .bulk(.bulkLoad)
        case "UTMASTG": return .bulk(.bulkStore)
        case "UTMAREDG", "UBLKRED": return .bulk(.reduction)
        case "UBLKCP":
            // The tokens name destination, then source. S is shared memory, G is global memory, and T is a tensor of
            // the cluster's shared memory. An opcode without such tokens is a load.
            if tokens.count == 1 { return .bulk(.bulkLoad) }
            if tokens.dropFirst().first == "G" { return .bulk(.bulkStore) }
            return tokens.contains("G") ? .bulk(.bulkLoad) : .counted(.shared)
        case "LDGDEPBAR": return .commit
        case "DEPBAR": return .awaitGroups
        case "SYNCS": return tokens.contains("PHASECHK") ? .awaitBulk : .counted(.shared)
        case "BAR": return tokens.contains("ARV") ? .none : .barrier
        case "CCTL": return tokens.contains("IVALL") ? .invalidate : .none
        case "LDS", "STS", "LDSM", "STSM", "ATOMS", "REDS", "LDTM", "STTM", "ARRIVES", "LDSH", "STAS", "ATOMX":
            return .counted(.shared)
        case "LDC", "ULDC", "LDCU": return .counted(.constant)
        case "TEX", "TLD", "TLD4", "TMML", "TXD", "TXQ", "SULD", "SUST", "SUATOM", "SURED", "SUQUERY":
            return .counted(.surface)
        default: return .none
        }
    }

    private static func hint(_ tokens: [String]) -> CacheHint {
        if tokens.contains("STRONG"), tokens.contains("GPU") || tokens.contains("SYS") { return .bypassL1 }
        if tokens.contains("EF") { return .evictFirst }
        if tokens.contains("EL") { return .evictLast }
        if tokens.contains("NA") { return .noAllocate }
        return .normal
    }

    /// Bytes of the first token that names a width: `128`, `U16`, `S8`, `F64`.
    private static func laneBytes(_ tokens: [String]) -> Int? {
        for token in tokens.dropFirst() {
            let digits = token.first.map { "USF".contains($0) } == true ? token.dropFirst() : token[...]
            guard let bits = Int(digits), [8, 16, 32, 64, 128, 256].contains(bits) else { continue }
            return bits / 8
        }
        return nil
    }

    private static func work(_ name: String, _ tokens: [String]) -> WorkCounts {
        var work = WorkCounts()
        work[WorkCounts.instructions] = 1
        if name.hasSuffix("MMA") {
            work[WorkCounts.tensor] = 1
            work[WorkCounts.productEighths] = productEighths(name, tokens)
        } else if let place = pipes[name] {
            work[place] = 1
        }
        return work
    }

    /// Eighths of products that one warp's instruction makes. A product has 16 x 8 results and 32 bytes of depth.
    private static func productEighths(_ name: String, _ tokens: [String]) -> UInt32 {
        let bits = elementBits(name, tokens)
        for token in tokens.dropFirst() {
            let sizes = token.split(separator: "x").compactMap { Int($0) }
            if sizes.count == 3, sizes.allSatisfy({ (1...1024).contains($0) }) {
                // The four warps of a warp group share its rows.
                return UInt32(truncatingIfNeeded: sizes[0] / 4 * sizes[1] * sizes[2] * bits / 4096)
            }
            let isTall = token.hasPrefix("168")
            guard isTall || token.hasPrefix("88"), let depth = Int(token.dropFirst(isTall ? 3 : 2)),
                (1...1024).contains(depth)
            else { continue }
            return UInt32(truncatingIfNeeded: max(1, (isTall ? 128 : 64) * depth * bits / 4096))
        }
        return 8
    }

    private static func elementBits(_ name: String, _ tokens: [String]) -> Int {
        if tokens.contains("TF32") { return 32 }
        switch name.first {
        case "D": return 64
        case "B": return 1
        case "Q": return 8
        case "I": return tokens.contains { $0 == "S4" || $0 == "U4" } ? 4 : 8
        default: return 16
        }
    }

    /// The pipe of each opcode that is neither control nor tensor. *Source:* docs/cost-model.md: Nsight's pipes.
    private static let pipes: [String: Int] = {
        var pipes: [String: Int] = [:]
        func add(_ names: String, _ place: Int) {
            for name in names.split(separator: " ") { pipes[String(name)] = place }
        }
        add(
            "FFMA FADD FMUL FFMA32I FADD32I FMUL32I FFMA2 FADD2 FMUL2 HFMA2 HADD2 HMUL2 HFMA2_32I HADD2_32I HMUL2_32I IMAD IMUL "
                + "XMAD IDP IDP4A", WorkCounts.fp32)
        add(
            "IADD IADD3 IADD32I IADD64 LOP LOP3 LOP32I SHF SHL SHR ISETP ISET ICMP ISCADD ISCADD32I LEA PRMT SEL FSEL FMNMX FMNMX3 "
                + "FSETP FSET FCMP IMNMX VIMNMX VIMNMX3 VIADD VIADDMNMX VABSDIFF VABSDIFF4 BMSK SGXT PLOP3 F2FP I2IP I2FP HSET2 HSETP2 "
                + "HMNMX2 MOV MOV32I P2R R2P FSWZADD BFE BFI IABS CSETP PSETP", WorkCounts.alu)
        add("MUFU I2F F2I F2F FRND POPC FLO BREV I2I", WorkCounts.special)
        add("SHFL", WorkCounts.shuffle)
        add(
            "LDG STG LDS STS LDSM STSM LDGSTS LDL STL LD ST ATOM ATOMG ATOMS RED REDG REDS LDTM STTM SYNCS ARRIVES",
            WorkCounts.memory)
        return pipes
    }()
}

/// Numbers of instructions by class, in a vector: all, tensor, fp32, alu, special, memory, shuffle, eighths of
/// products.
typealias WorkCounts = SIMD8<UInt32>

extension WorkCounts {
    static var instructions: Int { 0 }
    static var tensor: Int { 1 }
    static var fp32: Int { 2 }
    static var alu: Int { 3 }
    static var special: Int { 4 }
    static var memory: Int { 5 }
    static var shuffle: Int { 6 }
    static var productEighths: Int { 7 }
}
