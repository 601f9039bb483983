import Machine
import Trace

/// The cost of a loop over tiles in registers. The loop keeps its state in registers while a block works on a tile.
/// Values that do not fit are spilled to local memory.
///
/// *Source:* docs/validation/h200_persistent.csv. Triton's ch_scan_fwd of 32 x 64 tiles has 145 registers per thread
/// without a loop and 190 in a loop. With 64 x 64 tiles it has all 255 both times. In the loop each thread then also
/// loads 23 words of local memory per tile and stores 13.
struct PersistentRegisters: Equatable {
    /// Registers of the loop.
    private static let loopRegisters = 45

    /// Registers of a thread.
    let registers: Int
    /// Words that a thread has in local memory.
    let spilledWords: Int

    /// - Parameters:
    ///   - tiles: the launch whose blocks are the tiles.
    ///   - given: registers known from elsewhere; nil for the number that is needed.
    ///   - machine: limits the registers of threads and SMs.
    init(tiles: KernelLaunch, given: Int?, machine: MachineDescription) {
        let needed = tiles.registersPerThread + Self.loopRegisters
        let most = machine.sm.registers / max(1, tiles.warpsPerBlock * 32) / 8 * 8
        registers = given ?? max(tiles.registersPerThread, min(needed, machine.sm.registersPerThread, most))
        // The code computes half of the missing values again instead of spilling them.
        spilledWords = max(0, needed - registers) / 2
    }

    /// A line for reports on the registers.
    func assumption(isGiven: Bool) -> String {
        let loop = "the tile launch's and the loop's \(Self.loopRegisters), as far as a thread can have them"
        let origin = isGiven ? "as given" : loop
        return "\(registers) registers a thread (\(origin))"
            + (spilledWords > 0 ? "; \(spilledWords) words a thread are spilled around each tile" : "")
    }
}

/// The local memory of persistent blocks. A warp's words lie one behind the other, 128 bytes each.
///
/// Half of the words belong to the loop. They are stored once and loaded before each tile. The others belong to a tile.
/// They are stored at its start and loaded before its results are stored.
struct SpilledWords {
    let words: Int
    let warps: Int
    /// The number of local memory among the launch's tensors.
    let tensor: Int
    let address: UInt64

    /// Bytes of a block's words.
    static func bytes(words: Int, warps: Int) -> Int { words * warps * 128 }

    /// Instructions per warp of the loop around a tile, for the place of the next tile. Accesses of spilled words are
    /// not included.
    /// *Source:* docs/validation/h200_persistent.csv: 59 more instructions per tile and warp than without a loop. Of
    /// these, 36 load and store the spilled words of 64 x 64 tiles.
    private static let loop = ComputeWork(instructions: 23, fp32: 8, alu: 8, special: 2)

    /// Puts the loop's instructions and the accesses of the block's words around those of a tile.
    func wrap(_ program: inout BlockProgram, block: Int, isFirst: Bool) {
        let own = address + UInt64(block * Self.bytes(words: words, warps: warps))
        let ofTile = (words + 1) / 2
        let ofLoop = words - ofTile
        func access(_ kind: AccessKind, from first: Int, words: Int) -> [Operation] {
            guard words > 0 else { return [] }
            return [
                .compute(ComputeWork(instructions: words, memory: words)),
                .tile(
                    TileAccess(
                        kind: kind, tensor: tensor, elementBytes: 4, address: own + UInt64(first * warps * 128),
                        rows: words * warps, rowBytes: 128, pitchBytes: 128, requestRows: 1, lanesPerRow: 32,
                        laneBytes: 4,
                        laneStrideBytes: 4)),
            ]
        }
        var lead: [Operation] = [.compute(Self.loop)]
        lead += access(isFirst ? .localStore : .localLoad, from: 0, words: ofLoop)
        if ofLoop > 0, !isFirst { lead.append(.awaitLoads) }
        lead += access(.localStore, from: ofLoop, words: ofTile)
        if ofTile > 0 {
            let place = program.operations.firstResult ?? program.operations.count
            program.operations.insert(
                contentsOf: access(.localLoad, from: ofLoop, words: ofTile) + [.awaitLoads], at: place)
        }
        program.operations.insert(contentsOf: lead, at: 0)
    }
}

extension [Operation] {
    /// The index at which the instructions before the first store begin; nil without stores.
    fileprivate var firstResult: Int? {
        let store = firstIndex { operation in
            switch operation {
            case .tile(let tile): tile.kind == .store || tile.kind == .bulkStore
            case .lanes(let lanes): lanes.kind == .store || lanes.kind == .bulkStore
            default: false
            }
        }
        guard let store, store > 0, case .compute = self[store - 1] else { return store }
        return store - 1
    }
}
