import Analysis
import Trace

/// The readers of `.weir` traces.
enum WeirTargets {
    /// Work that one input may cause: a valid trace may be as long as its grid, so what is fuzzed is bounded here.
    private static let blockLimit = 4096
    private static let laneLimit = 1 << 13

    private struct Launch: Equatable {
        var launch: KernelLaunch
        var programs: [BlockProgram]
    }

    static func stream(_ bytes: [UInt8]) {
        Verdict.of { expand(try readStream(bytes)) }
    }

    static func file(_ bytes: [UInt8]) {
        Verdict.of { expand(try readFile(bytes)) }
    }

    /// Both readers must read the same, and what they have read must survive being written again.
    static func plain(_ bytes: [UInt8]) {
        let file = TraceEnvelope.file(around: bytes)
        let streamed = Verdict.of { try readStream(file) }
        let filed = Verdict.of { try readFile(file) }
        precondition(streamed == filed, "the two readers read different traces")
        guard let streamed else { return }
        expand(streamed)
        let buffer = ByteOutput.Buffer()
        let rewritten: [Launch]? = Verdict.of {
            var writer = try TraceWriter(output: ByteOutput(buffer: buffer, name: Verdict.name))
            for launch in streamed {
                try writer.begin(launch.launch)
                for program in launch.programs { try writer.append(program) }
                try writer.endLaunch()
            }
            try writer.finish()
            return try readStream(buffer.bytes)
        }
        precondition(rewritten == streamed, "a trace that was read does not survive writing")
    }

    static func inspect(_ bytes: [UInt8]) {
        let file = TraceEnvelope.file(around: bytes)
        guard let launches = Verdict.of({ try readStream(file) }) else { return }
        guard launches.allSatisfy({ $0.launch.grid.blockCount <= blockLimit && $0.programs.allSatisfy(isSmall) }) else {
            return
        }
        Verdict.of { _ = try TraceSummary(reading: ByteInput(bytes: file, name: Verdict.name)) }
    }

    private static func readStream(_ bytes: [UInt8]) throws -> [Launch] {
        let reader = try TraceStreamReader(ByteInput(bytes: bytes, name: Verdict.name))
        var launches: [Launch] = []
        while var source = try reader.nextLaunch() {
            launches.append(Launch(launch: source.launch, programs: try programs(&source)))
        }
        return launches
    }

    private static func readFile(_ bytes: [UInt8]) throws -> [Launch] {
        let reader = try TraceFileReader(ByteInput(bytes: bytes, name: Verdict.name))
        var launches: [Launch] = []
        for number in reader.launches.indices {
            var source = try reader.source(launch: number)
            launches.append(Launch(launch: source.launch, programs: try programs(&source)))
        }
        return launches
    }

    private static func programs(_ source: inout some BlockProgramSource) throws -> [BlockProgram] {
        var programs: [BlockProgram] = []
        for block in 0..<min(source.launch.grid.blockCount, blockLimit) {
            var program = BlockProgram()
            try source.loadProgram(ofBlock: block, into: &program)
            programs.append(program)
        }
        return programs
    }

    /// Whether the program's operations touch few enough lanes to be expanded many times a second.
    private static func isSmall(_ program: BlockProgram) -> Bool {
        var lanes = 0
        for operation in program.operations {
            switch operation {
            case .tile(let tile):
                lanes += Int(tile.rows) * (1 + Int(tile.rowBytes) / Int(tile.laneBytes)) * Int(tile.replicas)
            case .lanes(let access): lanes += Int(access.laneCount) * (1 + Int(access.laneBytes) / 128)
            default: lanes += 1
            }
        }
        return lanes <= laneLimit
    }

    private static func expand(_ launches: [Launch]) {
        var expander = RequestExpander(geometry: .nvidia)
        for program in launches.flatMap(\.programs).prefix(32) where isSmall(program) {
            for operation in program.operations {
                switch operation {
                case .tile(let tile): expander.expand(tile)
                case .lanes(let access): expander.expand(access, laneAddresses: program.laneAddresses)
                default: continue
                }
                precondition(expander.requests.allSatisfy { $0.sectors != 0 }, "a request without sectors")
                precondition(expander.requests.first?.startsRequest ?? true, "the first line begins no request")
            }
        }
    }
}
