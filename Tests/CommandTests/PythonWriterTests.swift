import Analysis
import Foundation
import TestSupport
import Testing
import Trace

/// Scripts/weir_trace.py, the writer of traces that recorders use, against the reader.
@Suite("Traces written in Python")
struct PythonWriterTests {
    private static let scripts = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Scripts")

    private static let hasPython =
        (try? python(["-c", "import sys; sys.exit(sys.version_info < (3, 9))"]))?.status == 0

    /// Runs python3 with the scripts' modules at hand.
    private static func python(_ arguments: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-B"] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(["PYTHONPATH": scripts.path]) { $1 }
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }

    /// A program as Scripts/test-weir-trace.py lists it.
    private static func lines(_ program: BlockProgram) -> [String] {
        program.operations.map { operation in
            switch operation {
            case .tile(let tile):
                "tile \(tile.tensor) \(tile.elementBytes) \(tile.address) \(tile.rows) \(tile.rowBytes) \(tile.pitchBytes) "
                    + "\(tile.requestRows) \(tile.lanesPerRow) \(tile.laneBytes) \(tile.laneStrideBytes) \(tile.replicas) "
                    + "\(tile.hint.rawValue)"
            case .lanes(let access):
                (["lanes \(access.tensor) \(access.laneBytes) \(access.hint.rawValue)"]
                    + program.laneAddresses[Int(access.firstLane)...].prefix(Int(access.laneCount)).map(String.init))
                    .joined(separator: " ")
            case .compute(let work):
                "compute \(work.instructions) \(work.tensor) \(work.fp32) \(work.alu) \(work.special) \(work.memory) "
                    + "\(work.shuffle) \(work.products) \(work.cycles)"
            case .awaitLoads: "await_loads"
            case .barrier: "barrier"
            case .invalidateL1: "invalidate_l1"
            case .beginProducts(let products): "begin_products \(products)"
            case .awaitProducts(let pending): "await_products \(pending)"
            default: "unexpected \(operation)"
            }
        }
    }

    @Test("Random blocks, repeated and not, are read as they were written", .enabled(if: hasPython))
    func randomBlocks() throws {
        let seed = Int.random(in: 0..<1_000_000)
        try withFolder { folder in
            let path = folder + "/random.weir"
            let script = Self.scripts.appendingPathComponent("test-weir-trace.py").path
            let written = try Self.python([script, String(seed), path])
            try #require(written.status == 0, "seed \(seed)")
            let reader = try TraceFileReader(path: path)
            var read: [String] = []
            var program = BlockProgram()
            for launch in 0..<3 {
                var source = try reader.source(launch: launch)
                for block in 0..<source.launch.grid.blockCount {
                    try source.loadProgram(ofBlock: block, into: &program)
                    read += ["block \(launch) \(block)"] + Self.lines(program)
                }
            }
            let expected = written.output.split(separator: "\n").map(String.init)
            let difference = zip(read, expected).first { $0 != $1 }
            #expect(
                read.count == expected.count && difference == nil, "seed \(seed): \(String(describing: difference))")
        }
    }

    @Test("A copy of 512 bytes a block has the sectors that arithmetic gives it", .enabled(if: hasPython))
    func copy() throws {
        try withFolder { folder in
            let path = folder + "/copy.weir"
            let script = """
                import sys, weir_trace as weir
                with weir.TraceWriter(sys.argv[1], "a test") as trace:
                    tensors = [weir.Tensor("x", 4096, 5120, "f32"), weir.Tensor("y", 16384, 5120, "f32")]
                    trace.begin_launch("copy", (5, 2, 1), 128, tensors=tensors, registers=40, estimated=False)
                    for block in range(10):
                        program = weir.Program()
                        program.tile(weir.LOAD, tensor=0, element_bytes=4, address=4096 + 512 * block, rows=1, row_bytes=512,
                                     pitch_bytes=512, request_rows=1, lanes_per_row=32, lane_bytes=4, lane_stride_bytes=4)
                        program.await_loads()
                        lanes = [16384 + 512 * block + 64 * lane for lane in range(8)]
                        program.warp_request(weir.STORE, lanes, tensor=1, lane_bytes=4)
                        trace.add_block(program)
                """
            let status = try Self.python(["-c", script, path]).status
            try #require(status == 0)
            let launch = try #require(try TraceSummary(reading: try ByteInput(path: path)).launches.first)
            #expect(launch.launch.threadsPerBlock == 128 && launch.launch.registersPerThread == 40)
            // A block loads four lines of four sectors by 32 lanes of 4 bytes, and stores words of 8 different sectors.
            #expect(launch.tensors[0].readRequests == 40 && launch.tensors[0].readSectors == 160)
            #expect(launch.tensors[1].writeRequests == 10 && launch.tensors[1].writeSectors == 80)
        }
    }

    @Test(
        "What CUDA refuses to launch is refused with its limit", .enabled(if: hasPython),
        arguments: [
            ("(1, 65536, 1), 32", "k: blocks along the grid's y is 65536; CUDA launches 1 to 65535"),
            ("(1, 1, 65536), 32", "k: blocks along the grid's z is 65536; CUDA launches 1 to 65535"),
            ("(1, 1, 1), 1056", "k: threads of a block is 1056; CUDA launches 1 to 1024"),
            ("(1, 1, 1), 32, registers=256", "k: registers of a thread is 256; CUDA launches 0 to 255"),
            ("(32768, 65535, 2), 32", "k: blocks of the grid is 4294901760; Weir takes 1 to 2147483647"),
            ("(1, 1, 1), 1024, registers=65", "k: registers of a block is 73728; CUDA launches 0 to 65536"),
        ])
    func limits(arguments: String, message: String) throws {
        try withFolder { folder in
            let script = """
                import sys, weir_trace as weir
                trace = weir.TraceWriter(sys.argv[1], "a test")
                try:
                    trace.begin_launch("k", \(arguments), tensors=[])
                except weir.TraceError as error:
                    print(error)
                trace.discard()
                """
            let output = try Self.python(["-c", script, folder + "/k.weir"]).output
            #expect(output == message + "\n")
        }
    }

    @Test("What an error interrupts, or lacks blocks, leaves no file", .enabled(if: hasPython))
    func interrupted() throws {
        try withFolder { folder in
            for ending in ["raise RuntimeError", "pass"] {
                let script = """
                    import sys, weir_trace as weir
                    with weir.TraceWriter(sys.argv[1], "a test") as trace:
                        trace.begin_launch("k", (2, 1, 1), 32, tensors=[])
                        trace.add_block(weir.Program())
                        \(ending)
                    """
                let status = try Self.python(["-c", script, folder + "/cut.weir"]).status
                let left = try FileManager.default.contentsOfDirectory(atPath: folder)
                #expect(status != 0 && left.isEmpty)
            }
        }
    }
}
