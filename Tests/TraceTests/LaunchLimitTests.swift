import Testing
import Trace

/// What CUDA refuses, a trace refuses: at the limit, and one beyond it.
@Suite("Launches that CUDA refuses")
struct LaunchLimitTests {
    private static func launch(
        grid: Grid = Grid(x: 1), threads: Int = 32, registers: Int = 32
    ) -> KernelLaunch {
        KernelLaunch(
            kernel: "k", grid: grid, threadsPerBlock: threads, registersPerThread: registers,
            sharedMemoryBytesPerBlock: 0, tensors: [])
    }

    @Test("Grids up to 2^31 - 1, 65,535 and 65,535, blocks up to 1,024 threads and 65,536 registers pass")
    func atTheLimit() throws {
        for launch in [
            Self.launch(grid: Grid(x: Int(Int32.max))), Self.launch(grid: Grid(x: 1, y: 65_535)),
            Self.launch(grid: Grid(x: 1, y: 1, z: 65_535)),
            Self.launch(threads: 1024, registers: 64), Self.launch(threads: 256, registers: 255),
            Self.launch(threads: 512, registers: 128),
        ] {
            #expect(LaunchLimit.broken(by: launch) == nil)
            try TraceValidation.validate(launch)
        }
    }

    @Test("One more is refused with the field and the limit")
    func beyond() throws {
        // 65 registers are allocated as 72 for each of 32 warps; nine warps of 255 registers as twelve of 256.
        for (launch, field, value, limit) in [
            (Self.launch(grid: Grid(x: 1 << 31)), "grid x", 1 << 31, Int(Int32.max)),
            (Self.launch(grid: Grid(x: 32_768, y: 65_535, z: 2)), "grid x * y * z", 4_294_901_760, Int(Int32.max)),
            (Self.launch(registers: 256), "registers per thread", 256, 255),
            (Self.launch(grid: Grid(x: 1, y: 65_536)), "grid y", 65_536, 65_535),
            (Self.launch(grid: Grid(x: 1, y: 1, z: 65_536)), "grid z", 65_536, 65_535),
            (Self.launch(threads: 1025), "threads per block", 1025, 1024),
            (Self.launch(threads: 1024, registers: 65), "registers per block (65 a thread)", 73_728, 65_536),
            (Self.launch(threads: 257, registers: 255), "registers per block (255 a thread)", 98_304, 65_536),
        ] {
            let isOwn = field.contains("*")
            #expect(
                LaunchLimit.broken(by: launch) == LaunchLimit(field: field, value: value, limit: limit, isOwn: isOwn))
            let error = try #require(throws: TraceError.self) { try TraceValidation.validate(launch) }
            #expect(
                error.description.contains("\(limit), \(isOwn ? "a limit of Weir's own" : "CUDA's limit")")
                    && error.description.contains(field.split(separator: " ")[0]), "\(error)")
        }
    }

    @Test(
        "The most registers of a thread is the last number that passes",
        arguments: [1, 32, 128, 129, 256, 257, 512, 640, 1000, 1024])
    func mostRegisters(threads: Int) {
        let most = LaunchLimit.registersPerThread(threads: threads)
        #expect(LaunchLimit.broken(by: Self.launch(threads: threads, registers: most)) == nil)
        #expect(most == 255 || LaunchLimit.broken(by: Self.launch(threads: threads, registers: most + 1)) != nil)
    }
}
