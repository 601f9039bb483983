import Kernels
import Testing
import Trace
import Workloads

@Suite("The fused forward call as a workload")
struct FusedWorkloadTests {
    private static let shape = SSDShape(
        batch: 2, sequenceLength: 256, heads: 4, headDim: 64, groups: 1, stateDim: 64, chunkSize: 128)

    private func sources(
        _ kernels: [String], shape: SSDShape = shape, tilings: [String] = []
    ) throws -> [any BlockProgramSource] {
        var launches = try Workload.launches(kernels: kernels, shape: shape, tilings: tilings)
        var sources: [any BlockProgramSource] = []
        while let source = launches.next() { sources.append(source) }
        return sources
    }

    @Test("The group brackets the kernel with the framework's launches; ssd-forward is as it was")
    func group() throws {
        #expect(try sources(["ssd-forward-fused"]).map(\.launch.kernel) == ["fill", "fill", "ssd_fused", "copy"])
        #expect(try sources(["ssd_fused"]).map(\.launch.kernel) == ["ssd_fused"])
        #expect(try sources(["ssd-forward"]).map(\.launch.kernel) == SSDKernels.ssdForward)
        var shape = Self.shape
        shape.hasInitialStates = true
        #expect(
            try sources(["ssd-forward-fused"], shape: shape).map(\.launch.kernel) == [
                "copy", "fill", "ssd_fused", "copy",
            ])
    }

    /// Bytes that a launch's tiles touch, by tensor.
    private func ranges(_ source: any BlockProgramSource) throws -> [String: (ranges: Range<UInt64>, bytes: Int)] {
        var source = source
        var found: [String: (ranges: Range<UInt64>, bytes: Int)] = [:]
        var program = BlockProgram()
        for block in 0..<source.launch.grid.blockCount {
            try source.loadProgram(ofBlock: block, into: &program)
            for case .tile(let tile) in program.operations {
                let name = source.launch.tensors[Int(tile.tensor)].name
                let end = tile.address + UInt64(Int64(tile.rows - 1) * tile.pitchBytes) + UInt64(tile.rowBytes)
                let known = found[name] ?? (tile.address..<end, 0)
                found[name] = (
                    min(known.ranges.lowerBound, tile.address)..<max(known.ranges.upperBound, end),
                    known.bytes + Int(tile.rows) * Int(tile.rowBytes)
                )
            }
        }
        return found
    }

    @Test("The framework's launches write the first row of states and every counter, and copy the last row")
    func framework() throws {
        for batch in [1, 2] {
            var shape = Self.shape
            shape.batch = batch
            let launches = try sources(["ssd-forward-fused"], shape: shape)
            let row = shape.heads * shape.headDim * shape.stateDim * 2
            let states = try #require(launches[2].launch.tensors.first { $0.name == "states_G" })
            let first = try #require(try ranges(launches[0])["states_G"])
            #expect(first.bytes == batch * row && first.ranges.lowerBound == states.baseAddress)
            #expect(first.ranges.count == (batch - 1) * 3 * row + row)
            let sync = try #require(launches[2].launch.flags)
            let zeroed = try #require(try ranges(launches[1])["sync_atomic"])
            #expect(
                zeroed.ranges == sync.baseAddress..<sync.baseAddress + sync.byteCount
                    && zeroed.bytes == Int(sync.byteCount))
            let last = try ranges(launches[3])
            #expect(last["states_G"]?.ranges.lowerBound == states.baseAddress + UInt64(2 * row))
            #expect(last["states_G"]?.ranges.upperBound == states.baseAddress + states.byteCount)
            #expect(last["final_states"]?.bytes == batch * row && last["states_G"]?.bytes == batch * row)
        }
    }

    @Test("Beside other launches the fused call has their inputs and output, and everything else for itself")
    func tensors() throws {
        let launches = try sources(["ssd-forward", "ssd_fused", "ssd-backward"]).map(\.launch)
        let fused = try #require(launches.first { $0.kernel == "ssd_fused" })
        let others = launches.filter { $0.kernel != "ssd_fused" }.flatMap(\.tensors)
        for tensor in fused.tensors {
            let end = tensor.baseAddress + tensor.byteCount
            let shared = others.filter { $0.baseAddress < end && tensor.baseAddress < $0.baseAddress + $0.byteCount }
            let isOwn = ["dt", "dA_cumsum", "cb", "states_G", "sync_atomic"].contains(tensor.name)
            #expect(shared.isEmpty == isOwn, "\(tensor.name)")
        }
    }

    @Test("Its tilings are a choice")
    func tilings() throws {
        let wide = try sources(["ssd_fused"], tilings: ["ssd_fused:K=64,warps=8"])[0].launch
        #expect(wide.tiling == "K=64 warps=8 stages=1" && wide.threadsPerBlock == 256)
        #expect(throws: KernelError.self) { try sources(["ssd_fused"], tilings: ["ssd_fused:M=64"]) }
    }
}
