import Trace

/// Turns the program of one launch's block into the program of a part. It uses the variant's tensors and warps and
/// removes the operations that the part leaves out.
struct PartWriter: Sendable {
    /// The number of each of the launch's tensors among the variant's.
    let tensors: [UInt16]
    /// By the launch's own tensor numbers, whether the tensor is an intermediate.
    let isIntermediate: [Bool]
    /// The warps of the launch's blocks and of the variant's blocks.
    let warps: (own: Int, fused: Int)

    init(tensors: [UInt16], isIntermediate: [Bool] = [], warps: (own: Int, fused: Int)) {
        self.tensors = tensors
        self.isIntermediate = isIntermediate.isEmpty ? tensors.map { _ in false } : isIntermediate
        self.warps = warps
    }

    func rewrite(_ program: inout BlockProgram, omission: FusedPart.Omission) {
        if !omission.isEmpty { remove(omission, from: &program) }
        let hasProducts = omission.contains(.frame) && program.operations.contains(where: \.hasProducts)
        for index in program.operations.indices {
            switch program.operations[index] {
            case .tile(var tile):
                tile.tensor = tensors[Int(tile.tensor)]
                program.operations[index] = .tile(tile)
            case .lanes(var lanes):
                lanes.tensor = tensors[Int(lanes.tensor)]
                program.operations[index] = .lanes(lanes)
            case .compute(var work):
                if omission.contains(.frame), hasProducts { work = work.withoutFrame }
                program.operations[index] = .compute(
                    warps.own == warps.fused ? work : work.shared(warps.own, over: warps.fused))
            default: continue
            }
        }
    }

    /// Removes the operations that the part leaves out. Each load or copy of the intermediate takes the instruction
    /// that asks for it along. If its values are in registers already, the instruction that reads them from shared
    /// memory also goes. Both leave the compute step behind the load.
    private func remove(_ omission: FusedPart.Omission, from program: inout BlockProgram) {
        let inRegisters = omission.contains(.sharedMemory)
        var saved = 0
        var kept: [Operation] = []
        kept.reserveCapacity(program.operations.count)
        for operation in program.operations {
            switch operation {
            case .tile(let tile) where leavesOut(tensor: tile.tensor, kind: tile.kind, omission):
                if tile.kind.isRead { saved += tile.requestCount / warps.own * (inRegisters ? 2 : 1) }
                if tile.kind.isRead, inRegisters { kept.append(.omittedRead) }
            case .lanes(let lanes) where leavesOut(tensor: lanes.tensor, kind: lanes.kind, omission): continue
            case .compute(var work) where saved > 0 && work.memory > 0:
                let less = min(saved, Int(work.memory) - 1)
                saved -= less
                work.memory -= UInt32(less)
                work.instructions -= min(UInt32(less), max(1, work.instructions) - 1)
                kept.append(.compute(work))
            default: kept.append(operation)
            }
        }
        program.operations = kept
    }

    private func leavesOut(tensor: UInt16, kind: AccessKind, _ omission: FusedPart.Omission) -> Bool {
        if isIntermediate[Int(tensor)] { return omission.contains(.intermediates) }
        return omission.contains(.results) && !(kind.isRead && kind != .atomic) && kind != .localStore
    }
}

extension Operation {
    /// Whether it is a compute step with products.
    var hasProducts: Bool {
        if case .compute(let work) = self { return work.products > 0 }
        return false
    }
}

extension ComputeWork {
    /// The work without the frame. A step with products keeps the products, their operands' way through shared memory,
    /// and special functions. A step without products keeps nothing.
    var withoutFrame: ComputeWork {
        guard products > 0 else { return ComputeWork(instructions: 0) }
        return ComputeWork(
            instructions: min(Int(instructions), Int(tensor) + Int(memory) + Int(special)), tensor: Int(tensor),
            special: Int(special), memory: Int(memory),
            products: Int(products))
    }

    /// The work of `own` warps done by `fused` warps. Counts per warp are scaled in proportion and rounded up.
    func shared(_ own: Int, over fused: Int) -> ComputeWork {
        func scaled(_ count: UInt32) -> Int { (Int(count) * own + fused - 1) / fused }
        return ComputeWork(
            instructions: scaled(instructions), tensor: scaled(tensor), fp32: scaled(fp32), alu: scaled(alu),
            special: scaled(special), memory: scaled(memory), shuffle: scaled(shuffle), products: scaled(products))
    }
}

extension TileAccess {
    /// Warp requests of the whole tile, including replicas.
    fileprivate var requestCount: Int {
        let passes = max(1, Int(laneStrideBytes) / max(1, Int(laneBytes)))
        let width = max(1, Int(lanesPerRow) * Int(laneBytes) * passes)
        let groups = (Int(rows) + Int(requestRows) - 1) / max(1, Int(requestRows))
        return groups * ((Int(rowBytes) + width - 1) / width) * passes * Int(replicas)
    }
}
