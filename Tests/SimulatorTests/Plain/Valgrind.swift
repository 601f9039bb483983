import Foundation
import Testing
import Trace
import TraceFormats

/// Runs of valgrind's tools on a program made for the occasion.
enum Valgrind {
    /// Whether valgrind and a C compiler are there.
    static let isInstalled = path(of: "valgrind") != nil && compiler != nil
    static let skipMessage: Comment = "valgrind or a C compiler is missing; Scripts/test installs them where it may"
    private static let compiler = path(of: "cc") ?? path(of: "clang")

    /// A tool's failure, with what it printed.
    struct Failure: Error {
        let command: String
        let output: String
    }

    /// What cachegrind counted, in the order of its summary.
    struct Counts: Equatable {
        var instructions, i1Misses, llInstructionMisses: UInt64
        var reads, d1ReadMisses, llReadMisses: UInt64
        var writes, d1WriteMisses, llWriteMisses: UInt64
    }

    /// Compiles `source` in `folder`, without shared libraries where the system has static ones.
    /// - Returns: the program's path.
    static func compile(_ source: String, in folder: String) throws -> String {
        let (file, program) = (folder + "/program.c", folder + "/program")
        try source.write(toFile: file, atomically: true, encoding: .utf8)
        do {
            try run(compiler ?? "cc", ["-O1", "-static", "-o", program, file])
        } catch is Failure {
            try run(compiler ?? "cc", ["-O1", "-o", program, file])
        }
        return program
    }

    /// The program's run as lackey traces it, imported.
    /// - Returns: a `.weir` trace.
    static func trace(of program: String, in folder: String) throws -> [UInt8] {
        let log = folder + "/lackey.log"
        try valgrind(["--tool=lackey", "--trace-mem=yes", "--log-file=" + log, program])
        let buffer = ByteOutput.Buffer()
        var options = TraceWriter.Options()
        options.temporaryDirectory = folder
        var writer = try TraceWriter(output: ByteOutput(buffer: buffer), options: options)
        _ = try TraceImport.read(ByteInput(path: log), format: .lackey, into: &writer)
        try writer.finish()
        return buffer.bytes
    }

    /// Cachegrind's counts with these caches, each as `capacity,ways,line`.
    static func counts(of program: String, i1: String, d1: String, ll: String, in folder: String) throws -> Counts {
        let file = folder + "/cachegrind.out"
        try valgrind([
            "--tool=cachegrind", "--cache-sim=yes", "--I1=" + i1, "--D1=" + d1, "--LL=" + ll,
            "--cachegrind-out-file=" + file,
            program,
        ])
        let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
        guard lines.contains("events: Ir I1mr ILmr Dr D1mr DLmr Dw D1mw DLmw "),
            let summary = lines.first(where: { $0.hasPrefix("summary:") })
        else { throw Failure(command: "cachegrind", output: "its file has no summary of nine events") }
        let numbers = summary.split(separator: " ").compactMap { UInt64($0) }
        guard numbers.count == 9 else { throw Failure(command: "cachegrind", output: String(summary)) }
        return Counts(
            instructions: numbers[0], i1Misses: numbers[1], llInstructionMisses: numbers[2], reads: numbers[3],
            d1ReadMisses: numbers[4], llReadMisses: numbers[5], writes: numbers[6], d1WriteMisses: numbers[7],
            llWriteMisses: numbers[8])
    }

    private static func valgrind(_ arguments: [String]) throws {
        try run(path(of: "valgrind") ?? "valgrind", arguments)
    }

    private static func run(_ path: String, _ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        // The environment lies on the program's stack: it must be the same for every tool.
        process.environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(
                command: ([path] + arguments).joined(separator: " "), output: String(decoding: output, as: UTF8.self))
        }
    }

    private static func path(of command: String) -> String? {
        let folders = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":") ?? []
        return folders.map { "\($0)/\(command)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
