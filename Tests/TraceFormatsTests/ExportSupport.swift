import Foundation
import Kernels
import TestSupport
import Trace
import TraceFormats

typealias Launches = [(launch: KernelLaunch, programs: [BlockProgram])]

/// A launch for exports.
func launch(_ kernel: String = "k", blocks: Int = 1, threads: Int = 64, tensors: [Tensor] = [memory]) -> KernelLaunch {
    KernelLaunch(
        kernel: kernel, grid: Grid(x: blocks), threadsPerBlock: threads, registersPerThread: 24,
        sharedMemoryBytesPerBlock: 512,
        tensors: tensors)
}

let memory = Tensor(name: "x", baseAddress: 0x1000, byteCount: 4096, elementType: "f32")

/// A program of these operations; lane accesses name the addresses in turn.
func program(_ operations: [Trace.Operation], lanes: [UInt64] = []) -> BlockProgram {
    var program = BlockProgram()
    program.operations = operations
    program.laneAddresses = lanes
    return program
}

/// One row of `bytes` bytes, a request for each 32 lanes.
func row(_ kind: AccessKind, at address: UInt64, bytes: Int, laneBytes: Int = 4, hint: CacheHint = .normal)
    -> Trace.Operation
{
    .tile(
        TileAccess(
            kind: kind, tensor: 0, elementBytes: 4, address: address, rows: 1, rowBytes: bytes, pitchBytes: 0,
            requestRows: 1,
            lanesPerRow: 32, laneBytes: laneBytes, laneStrideBytes: laneBytes, hint: hint))
}

/// A trace in memory.
func reader(of launches: Launches) throws -> TraceStreamReader {
    let buffer = ByteOutput.Buffer()
    var writer = try TraceWriter(output: ByteOutput(buffer: buffer))
    for (launch, programs) in launches {
        try writer.begin(launch)
        for program in programs { try writer.append(program) }
        try writer.endLaunch()
    }
    try writer.finish()
    return try TraceStreamReader(ByteInput(bytes: buffer.bytes, name: "a.weir"))
}

/// The text of a din or Ramulator export.
func exported(_ launches: Launches, as format: ExportFormat, granularity: Int = 32) throws -> String {
    var options = ExportOptions()
    options.granularity = granularity
    let buffer = ByteOutput.Buffer()
    let output = ByteOutput(buffer: buffer)
    let summary = try TraceExport.writeAddresses(of: reader(of: launches), as: format, options: options, to: output)
    let text = String(decoding: buffer.bytes, as: UTF8.self)
    guard summary.lines == text.utf8.count(where: { $0 == 10 }), summary.bytes == text.utf8.count else {
        return "wrong summary"
    }
    return text
}

/// A path in the temporary directory that no other test uses.
func temporaryPath() -> String { NSTemporaryDirectory() + "/weir-export-\(UUID().uuidString)" }

/// Exports to a directory, hands it over, and removes it.
func withAccelSim<Result>(_ launches: Launches, keepsCompute: Bool = true, _ body: (String) throws -> Result) throws
    -> Result
{
    let path = temporaryPath()
    defer { try? FileManager.default.removeItem(atPath: path) }
    let directory = try AtomicDirectory(path: path)
    var options = ExportOptions()
    options.keepsCompute = keepsCompute
    _ = try TraceExport.writeAccelSim(of: reader(of: launches), named: "a.weir", options: options, to: directory)
    try directory.commit()
    return try body(path)
}

/// Imports an Accel-Sim trace of a directory and reads it back.
func importedDirectory(_ path: String) throws -> Launches {
    let buffer = ByteOutput.Buffer()
    var writer = try TraceWriter(output: ByteOutput(buffer: buffer))
    _ = try TraceImport.read(
        ByteInput(path: path + "/kernelslist.g"), format: .accelSim, directory: path, into: &writer)
    try writer.finish()
    return try launches(of: TraceStreamReader(ByteInput(bytes: buffer.bytes)))
}

/// All launches of a trace in memory.
func launches(of reader: TraceStreamReader) throws -> Launches {
    var launches: Launches = []
    while var source = try reader.nextLaunch() {
        var programs: [BlockProgram] = []
        for block in 0..<source.launch.grid.blockCount {
            var program = BlockProgram()
            try source.loadProgram(ofBlock: block, into: &program)
            programs.append(program)
        }
        launches.append((source.launch, programs))
    }
    return launches
}

/// What a sector was asked for with.
struct SectorUse: Hashable {
    var what: String
    var sector: UInt64
}

/// How often requests ask for each 32-byte sector, by what `name` calls their kind and hint; nil is not counted.
func sectorUses(_ programs: [BlockProgram], _ name: (AccessKind, CacheHint) -> [String]) -> [SectorUse: Int] {
    var expander = RequestExpander(geometry: .nvidia)
    var uses: [SectorUse: Int] = [:]
    for program in programs {
        for operation in program.operations {
            let names: [String]
            switch operation {
            case .tile(let tile):
                expander.expand(tile)
                names = name(tile.kind, tile.hint)
            case .lanes(let access):
                expander.expand(access, laneAddresses: program.laneAddresses)
                names = name(access.kind, access.hint)
            default: continue
            }
            for request in expander.requests {
                for sector in 0..<4 where request.sectors >> sector & 1 == 1 {
                    for what in names {
                        uses[SectorUse(what: what, sector: request.line * 4 + UInt64(sector)), default: 0] += 1
                    }
                }
            }
        }
    }
    return uses
}

/// Random launches with every kind of access, in tiles and lanes, of widths that SASS has and that it has not.
func randomLaunches(_ generator: inout SeededGenerator, kinds: [AccessKind]) -> Launches {
    func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
    func operation(lanes: Int) -> Trace.Operation {
        let kind = kinds[number(0...kinds.count - 1)]
        let hint = CacheHint.allCases[number(0...CacheHint.allCases.count - 1)]
        if lanes > 0, Bool.random(using: &generator) {
            let first = number(0...lanes - 1)
            return .lanes(
                LaneAccess(
                    kind: kind, tensor: 0, laneBytes: number(0...3) == 0 ? number(1...200) : 1 << number(0...4),
                    firstLane: first,
                    laneCount: number(0...lanes - first), hint: hint))
        }
        let laneBytes = number(0...3) == 0 ? number(1...40) : 1 << number(0...4)
        let requestRows = number(1...5)
        return .tile(
            TileAccess(
                kind: kind, tensor: 0, elementBytes: 1, address: generator.next() >> UInt64(number(0...40)),
                rows: number(0...12),
                rowBytes: number(0...300), pitchBytes: number(-400...400), requestRows: requestRows,
                lanesPerRow: number(1...60 / requestRows), laneBytes: laneBytes,
                laneStrideBytes: number(0...2) == 0 ? laneBytes + number(0...9) : laneBytes * number(1...3),
                replicas: number(1...3), hint: hint))
    }
    func program() -> BlockProgram {
        var program = BlockProgram()
        for _ in 0..<number(0...70) {
            let isNear = number(0...2) > 0
            let near = (program.laneAddresses.last ?? 0x7000) &+ UInt64(number(0...3) * 4)
            program.laneAddresses.append(isNear ? near : generator.next() >> UInt64(number(0...60)))
        }
        for _ in 0..<number(0...12) {
            program.operations.append(operation(lanes: program.laneAddresses.count))
            if number(0...3) == 0 {
                let steps: [Trace.Operation] = [
                    .awaitLoads, .commitGroup, .awaitGroups(pending: 1), .barrier, .invalidateL1,
                ]
                program.operations.append(steps[number(0...4)])
            }
            if number(0...3) == 0 {
                program.operations.append(
                    .compute(ComputeWork(instructions: number(0...40), fp32: number(0...9), memory: number(0...9))))
            }
        }
        return program
    }
    return (0..<number(1...3)).map { _ in
        let blocks = number(1...5)
        return (launch(blocks: blocks, threads: number(1...300)), (0..<blocks).map { _ in program() })
    }
}
