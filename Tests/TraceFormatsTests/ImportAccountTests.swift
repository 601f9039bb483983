import Foundation
import TestSupport
import Testing
import Trace
import TraceFormats

/// Every line of an input is in the account: taken, or skipped for a reason.
@Suite("The account of an import")
struct ImportAccountTests {
    @Test("Accel-Sim: random instructions of all kinds, blank lines and versions")
    func accelSim() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed of 'account of Accel-Sim': \(seed)")
        var generator = SeededGenerator(seed: seed)
        func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
        let opcodes = [
            "LDG.E", "STG.E.128", "LDGSTS.E.128", "LDL.64", "STL", "LD.E", "ST.E", "LDS", "LDC", "SULD.D", "UTMASTG",
            "FFMA", "BAR.SYNC",
            "DEPBAR.LE", "LDGDEPBAR", "ATOMG.E.ADD", "CCTL.IVALL", "SYNCS.PHASECHK", "XYZ",
        ]
        let masks = ["ffffffff", "00000000", "0000ffff", "00000001", "80000001"]
        for _ in 0..<40 {
            let version = number(3...5)
            var requests: UInt64 = 0
            var instructions: UInt64 = 0
            func line() -> String {
                let mask = masks[number(0...4)]
                let opcode = opcodes[number(0...opcodes.count - 1)]
                instructions += 1
                let hasAddresses = number(0...3) > 0
                let base = number(0...3) == 0 ? "0x0" : "0x7f8000\(number(100000...999999))"
                let lanes = UInt32(mask, radix: 16)?.nonzeroBitCount ?? 0
                let addresses = hasAddresses ? "4 0 " + Array(repeating: base + " ", count: lanes).joined() : "0 "
                return "0010 \(mask) 0 \(opcode) 0 \(addresses)" + (version < 5 ? "" : "0 ")
            }
            let blocks = (0..<number(1...3)).map { _ in (0..<2).map { _ in (0..<number(0...20)).map { _ in line() } } }
            var text = traceg(blocks, version: version)
            text = text.split(separator: "\n", omittingEmptySubsequences: false).map {
                number(0...9) == 0 ? "\($0)\n" : "\($0)"
            }
            .joined(separator: "\n")
            let result = try imported(text, as: .accelSim)
            let summary = result.summary
            #expect(summary.accountedLines == summary.lines, "seed \(seed): \(summary.line)")
            #expect(summary.lines == text.utf8.count { $0 == 10 })
            for program in result.launches[0].programs {
                for operation in program.operations {
                    switch operation {
                    case .tile, .lanes: requests += 1
                    default: break
                    }
                }
            }
            #expect(summary.accesses == requests)
            let others: Set = ["header lines", "marks of blocks and warps", "instructions without memory", "blank"]
            #expect(
                summary.taken.filter { !others.contains($0.what) }.reduce(0) { $0 + $1.count } == requests,
                "seed \(seed)")
            let named = (summary.taken + summary.skipped).filter {
                !["header lines", "marks of blocks and warps", "blank"].contains($0.what)
            }
            #expect(named.reduce(0) { $0 + $1.count } == instructions)
        }
    }

    @Test("A list accounts for its own lines and those of the files that it takes")
    func list() throws {
        let folder = temporaryPath()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let kernel = traceg(
            [[["0010 ffffffff 1 R4 LDS 1 R2 4 1 0x0 4 0 ", "0020 ffffffff 0 EXIT 0 0 0 "]]], threads: 32)
        try kernel.write(toFile: folder + "/kernel-1.traceg", atomically: true, encoding: .utf8)
        try kernel.replacing("_Z4testPf", with: "other").write(
            toFile: folder + "/kernel-2.traceg", atomically: true, encoding: .utf8)
        let list = "MemcpyHtoD,0x10,16\n\nkernel-1.traceg\nMemcpyDtoH,0x10,16\nkernel-2.traceg\nsomething else"
        var options = ImportOptions()
        options.kernels = ["_Z*"]
        var writer = try TraceWriter(output: ByteOutput(buffer: ByteOutput.Buffer()))
        let summary = try TraceImport.read(
            ByteInput(bytes: Array(list.utf8), name: "list"), format: .accelSim, directory: folder, options: options,
            into: &writer)
        #expect(summary.lines == UInt64(6 + kernel.utf8.count { $0 == 10 }) && summary.accountedLines == summary.lines)
        #expect(
            summary.taken.map { "\($0.count) \($0.what)" }.joined(separator: ", ")
                == "1 MemcpyHtoD, 14 header lines, 5 marks of blocks and warps, 1 instructions without memory, 1 kernel files"
        )
        #expect(
            summary.skipped.map { "\($0.count) \($0.what)" }.joined(separator: ", ")
                == "6 blank, 1 LDS (shared memory), 2 lines of the list that are no commands, 1 kernel files left out")
        #expect(summary.line.hasSuffix("; 1 launches left out by --kernel or --launch"))
    }
}
