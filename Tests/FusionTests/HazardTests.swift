import Fusion
import Machine
import Testing
import Trace

@Suite("Pairs that no variant can join")
struct HazardTests {
    @Test(
        "A consumer that overwrites the producer's input, and one that reads more than the producer stores, are refused"
    )
    func hazards() throws {
        let machine = try MachineDescription(named: "h200")
        let tensors = [
            Tensor(name: "a", baseAddress: 1 << 20, byteCount: 4096, elementType: "f32"),
            Tensor(name: "b", baseAddress: 2 << 20, byteCount: 4096, elementType: "f32"),
        ]
        func source(_ kernel: String, _ accesses: [(AccessKind, Int, Int)]) -> SyntheticSource {
            let launch = KernelLaunch(
                kernel: kernel, grid: Grid(x: 1), threadsPerBlock: 32, registersPerThread: 32,
                sharedMemoryBytesPerBlock: 0,
                tensors: tensors)
            return SyntheticSource(launch: launch) { _, program in
                for (kind, tensor, rows) in accesses {
                    program.operations.append(
                        .tile(
                            TileAccess(
                                kind: kind, tensor: tensor, elementBytes: 4, address: tensors[tensor].baseAddress,
                                rows: rows,
                                rowBytes: 128,
                                pitchBytes: 128, requestRows: 1, lanesPerRow: 32, laneBytes: 4, laneStrideBytes: 4)))
                }
            }
        }
        let producer = source("p", [(.load, 0, 2), (.store, 1, 2)])
        #expect(throws: FusionError.overwritten(producer: "p", consumer: "c", block: 0, address: 1 << 20)) {
            try BlockDependencies(producer: producer, consumer: source("c", [(.load, 1, 2), (.store, 0, 1)]))
        }
        let wider = source("c", [(.load, 1, 3)])
        #expect(throws: FusionError.mixedTensor(tensor: "b", producer: "p", consumer: "c", address: 2 << 20 + 256)) {
            try FusionVariant.recompute.made(of: [producer, wider], machine: machine)
        }
        #expect(
            try FusionVariant.ordered(lag: nil).made(of: [producer, wider], machine: machine).intermediates[0]
                .passedBytes == 256)
    }
}
