import Foundation
import Testing
import Trace
import TraceFormats

/// Lists of kernels: where their files lie, what stage they are of, which launches are taken.
@Suite("Accel-Sim lists")
struct AccelSimListTests {
    /// A kernel whose one load tells it from others.
    private static func kernel(_ number: Int, name: String = "_Z4testPf") -> String {
        traceg(
            [[["0010 00000001 1 R4 LDG.E 1 R2 4 2 0x7f\(number)000000000 0 ", "0020 00000001 0 EXIT 0 0 0 "]]],
            threads: 32
        )
        .replacing("_Z4testPf", with: name)
    }

    /// Imports a list whose files lie in a folder.
    private func list(
        _ text: String, _ files: [String: String], options: ImportOptions = ImportOptions()
    ) throws -> (summary: ImportSummary, kernels: [String], addresses: [UInt64]) {
        let folder = temporaryPath()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for (name, content) in files {
            let path = URL(fileURLWithPath: folder + "/" + name)
            try FileManager.default.createDirectory(
                at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
            try content.write(to: path, atomically: true, encoding: .utf8)
        }
        let buffer = ByteOutput.Buffer()
        var writer = try TraceWriter(output: ByteOutput(buffer: buffer))
        let text = text.replacing("FOLDER", with: folder)
        let summary = try TraceImport.read(
            ByteInput(bytes: Array(text.utf8), name: "kernelslist.g"), format: .accelSim, directory: folder,
            options: options,
            into: &writer)
        try writer.finish()
        let launches = try launches(of: TraceStreamReader(ByteInput(bytes: buffer.bytes)))
        return (summary, launches.map(\.launch.kernel), launches.flatMap { $0.programs.flatMap(\.laneAddresses) })
    }

    private func message(_ text: String, _ files: [String: String], options: ImportOptions = ImportOptions()) throws
        -> String
    {
        do {
            _ = try list(text, files, options: options)
            return "no error"
        } catch let error as TraceFormatError {
            return error.description
        }
    }

    private func options(kernels: [String] = [], launches: [String] = [], keepsWhole: Bool = false) throws
        -> ImportOptions
    {
        var options = ImportOptions()
        options.kernels = kernels
        options.launches = try launches.map { try #require(LaunchRange($0)) }
        options.keepsWhole = keepsWhole
        return options
    }

    @Test(
        "Entries may have paths; a path of another machine falls back to the file of its name beside the list, and this is said"
    )
    func paths() throws {
        let files = [
            "kernel-1.traceg": Self.kernel(1), "sub/deep/kernel-2.traceg": Self.kernel(2),
            "kernel-3.traceg": Self.kernel(3),
            "other.traceg": Self.kernel(4),
        ]
        let result = try list(
            "./kernel-1.traceg\nsub/deep/kernel-2.traceg\nFOLDER/kernel-3.traceg\nother.traceg\n", files)
        #expect(result.addresses == (1...4).map { 0x7f_0000_0000_00 | UInt64($0) << 36 })
        #expect(result.summary.warnings.isEmpty && result.summary.accountedLines == result.summary.lines)
        let moved = try list("/home/of/another/kernel-3.traceg\nC:\\traces\\kernel-1.traceg\nkernel-1.traceg\n", files)
        #expect(moved.addresses == [3, 1, 1].map { 0x7f_0000_0000_00 | UInt64($0) << 36 })
        #expect(
            moved.summary.warnings == [
                "kernelslist.g, line 1: '/home/of/another/kernel-3.traceg' and 1 more files are not where the list says. The files "
                    + "of those names beside the list were read"
            ])
        #expect(
            try message("/home/of/another/kernel-9.traceg\n", files).contains(
                "'/home/of/another/kernel-9.traceg' cannot be read"))
    }

    @Test(
        "The list before post-processing is named for what it is",
        arguments: [
            "kernel-1.trace", "kernel-1.trace.xz", "kernel-1.trace.gz", "/data/traces/kernel-1-ctx_0x55d1.trace.xz",
            "sub/kernel-12.trace",
        ])
    func listBeforePostProcessing(entry: String) throws {
        let message = try message("MemcpyHtoD,0x7f8000100000,4096\n\(entry)\n", [:])
        #expect(message.hasPrefix("kernelslist.g, line 2: this is the list before post-processing: '\(entry)'"))
        #expect(
            message.contains("post-traces-processing") && message.contains("kernelslist.g")
                && message.contains(".traceg"))
    }

    @Test("So is a trace before post-processing, by its lines")
    func traceBeforePostProcessing() throws {
        let header = traceg([], grid: "(1,1,1)", threads: 32)
        for line in [
            "0 0 0 0 0010 ffffffff 1 R4 LDG.E 1 R2 4 1 0x7f8000100000 4 0 ", "3 1 0 2 17 4 0010 ffffffff 0 EXIT 0 0 0 ",
            "0 0 0 0 12 0010 00000001 0 EXIT 0 0 ",
        ] {
            let message = try #require(failure(of: header + line + "\n", as: .accelSim))
            #expect(message.hasPrefix("input, line 16: this is a trace before post-processing"), "\(message)")
            #expect(message.contains("post-traces-processing"))
            let listed = try self.message("kernel-1.traceg\n", ["kernel-1.traceg": header + line + "\n"])
            #expect(listed.contains("this is a trace before post-processing") && !listed.contains("--keep-whole"))
        }
        #expect(
            try #require(failure(of: header + "0010 ffffffff 0 EXIT 0 0 0 \n", as: .accelSim)).contains("'#BEGIN_TB'"))
    }

    @Test("--keep-whole leaves out the launches that are damaged, says where, and imports the others")
    func keepWhole() throws {
        let cut = String(Self.kernel(2).dropLast(12))
        let files = [
            "kernel-1.traceg": Self.kernel(1), "kernel-2.traceg": cut, "kernel-3.traceg": Self.kernel(3),
            "kernel-4.traceg": Self.kernel(4).replacing("LDG.E 1", with: "LDG.E 99"), "kernel-6.traceg": "-kernel na",
        ]
        let text = (1...6).map { "kernel-\($0).traceg\n" }.joined()
        let error = try message(text, files)
        #expect(error.contains("kernel-2.traceg, line 23: the input ends within") && error.contains("--keep-whole"))
        #expect(try message("kernel-5.traceg\n", files).contains("--keep-whole"))
        let result = try list(text, files, options: options(keepsWhole: true))
        #expect(result.addresses == [1, 3].map { 0x7f_0000_0000_00 | UInt64($0) << 36 })
        #expect(result.summary.launches == 2 && result.summary.accesses == 2)
        #expect(result.summary.warnings.count == 4)
        for (warning, number) in zip(result.summary.warnings, [2, 4, 5, 6]) {
            #expect(
                warning.hasPrefix(
                    "kernelslist.g, line \(number): launch \(number), 'kernel-\(number).traceg', is damaged and left out"
                ))
        }
        #expect(result.summary.warnings[1].contains("kernel-4.traceg, line 22: "))
        #expect(result.summary.accountedLines == result.summary.lines)
        // Numbers are those of the list.
        let third = try list(text, files, options: options(launches: ["2..3"], keepsWhole: true))
        #expect(third.addresses == [0x7f_3000_0000_00] && third.summary.warnings.count == 1)
        #expect(
            try message("kernel-2.traceg\n", files, options: options(keepsWhole: true)).contains(
                "the input ends within"))
    }

    @Test("--kernel and --launch choose launches; what they leave out is in the account, and its files are not read")
    func choice() throws {
        let names = ["_Z4gemmPf", "_Z4scanPf", "_Z5scan2Pf", "_Z4gemmPf"]
        let files = Dictionary(
            uniqueKeysWithValues: names.enumerated().map { ("kernel-\($0 + 1).traceg", Self.kernel($0 + 1, name: $1)) })
        let text = "MemcpyHtoD,0x7f1000000000,4096\n" + (1...4).map { "kernel-\($0).traceg\n" }.joined()
        func taken(_ kernels: [String], _ launches: [String]) throws -> [Int] {
            let result = try list(text, files, options: options(kernels: kernels, launches: launches))
            #expect(result.summary.accountedLines == result.summary.lines)
            let left =
                result.summary.counted.first { $0.what == "launches left out by --kernel or --launch" }?.count ?? 0
            #expect(result.summary.launches + Int(left) == 4)
            #expect((result.summary.skipped.first { $0.what == "kernel files left out" }?.count ?? 0) == left)
            return result.addresses.map { Int($0 >> 36 & 15) }
        }
        #expect(try taken(["_Z4gemmPf"], []) == [1, 4])
        #expect(try taken(["_Z?scan?Pf"], []) == [3])
        #expect(try taken(["_Z4scanPf", "*2*"], []) == [2, 3])
        #expect(try taken([], ["3.."]) == [3, 4])
        #expect(try taken([], ["..2", "4"]) == [1, 2, 4])
        #expect(try taken(["*gemm*"], ["2..9"]) == [4])
        // Launches that are not chosen may be missing.
        #expect(
            try list(text.replacing("kernel-3", with: "kernel-7"), files, options: options(launches: ["1..2"])).kernels
                .count == 2)
        let missing = try message(text, files, options: options(kernels: ["_Z4gemmPd"]))
        #expect(missing.contains("no launch has a kernel named '_Z4gemmPd'"))
        #expect(missing.contains("names are '_Z4gemmPf', '_Z4scanPf', '_Z5scan2Pf'"))
        #expect(
            try message(text, files, options: options(kernels: ["gemm", "*scan*"])).contains("a kernel named 'gemm'"))
        #expect(
            try message(text, files, options: options(launches: ["7..9"])).contains(
                "'--launch 7..9'. The input has 4 launches"))
    }

    @Test("A last line that was cut within a name says that it has no line break")
    func cutName() throws {
        let files = ["kernel-1.traceg": Self.kernel(1), "kernel-2.traceg": Self.kernel(2)]
        let cut = try message("kernel-1.traceg\nkernel-2.trac", files)
        #expect(
            cut.hasPrefix(
                "kernelslist.g, line 2: the input ends within its last line, which has no line break: the kernel's file is 'kernel-2.trac', "
                    + "expected a name that ends in .traceg"), "\(cut)")
        #expect(
            try message("kernel-1.traceg\nkernel-2.trac\n", files).hasPrefix(
                "kernelslist.g, line 2: the kernel's file is 'kernel-2.trac'"))
        let missing = try message("kernel-1.traceg\nkernel-20.traceg", files)
        #expect(
            missing.contains("'kernel-20.traceg' cannot be read")
                && missing.contains("this last line has no line break"), "\(missing)")
    }

    @Test("With --keep-whole an entry that is a directory is left out with a warning")
    func directory() throws {
        let files = ["kernel-1.traceg/x": Self.kernel(1), "kernel-2.traceg": Self.kernel(2)]
        let result = try list("kernel-1.traceg\nkernel-2.traceg\n", files, options: try options(keepsWhole: true))
        #expect(result.addresses == [0x7f20_0000_0000] && result.summary.accountedLines == result.summary.lines)
        #expect(result.summary.warnings.count == 1)
        #expect(
            result.summary.warnings[0].hasPrefix(
                "kernelslist.g, line 1: launch 1, 'kernel-1.traceg', is damaged and left out."))
        #expect(result.summary.warnings[0].contains("'kernel-1.traceg' cannot be read"))
    }

    @Test("What is no range for --launch says why")
    func launchFaults() {
        let faults = [
            ("0", "numbered from 1 on"), ("0..3", "numbered from 1 on"), ("3..2", "ends before it begins; write 2..3"),
            ("3-5", "two dots, as in 3..5"),
            ("1,2", "give --launch once for each"), ("1..2..3", "one pair of dots"), ("1...3", "one pair of dots"),
            ("1.3", "one pair of dots"),
            ("a", "numbers in digits"), ("-1", "numbers in digits"), ("..", "write 3, 3..10"), ("", "write 3, 3..10"),
            ("99999999999999999999", "beyond 9223372036854775807"), ("3..99999999999999999999", "beyond"),
        ]
        for (text, why) in faults {
            #expect(
                LaunchRange(text) == nil && LaunchRange.fault(in: text).contains(why),
                "'\(text)': \(LaunchRange.fault(in: text))")
        }
    }

    @Test("Spellings of --launch")
    func ranges() {
        for text in ["3", "3..", "..3", "3..3", "1..10", "0010"] { #expect(LaunchRange(text) != nil, "\(text)") }
        for text in [
            "", "0", "..", "0..3", "4..3", "a", "3...5", "-1", "3-5", "1..2..3", "99999999999999999999", "3 ", "..0",
        ] {
            #expect(LaunchRange(text) == nil, "\(text)")
        }
    }

    @Test("A name with a zero byte, which the system would cut there, is refused with its line")
    func zeroByte() throws {
        let error = try #require(throws: TraceFormatError.self) {
            try imported("MemcpyHtoD,0x7f00,4\nkernel-.\\\0\02.traceg\n", as: .accelSim)
        }
        #expect(
            error.description.hasPrefix("input, line 2: the kernel's file is")
                && error.description.contains("zero bytes"), "\(error)")
    }

    @Test(
        "Launches that CUDA refuses are refused with file, line and limit",
        arguments: [
            ("(1,65536,1)", 32, "65535"), ("(1,1,70000)", 32, "65535"), ("(1,1,1)", 1025, "1024"),
        ])
    func refusedLaunches(grid: String, threads: Int, limit: String) throws {
        let error = try #require(throws: TraceFormatError.self) {
            try imported(traceg([], grid: grid, threads: threads), as: .accelSim)
        }
        #expect(error.description.hasPrefix("input, line ") && error.description.contains(limit), "\(error)")
    }
}
