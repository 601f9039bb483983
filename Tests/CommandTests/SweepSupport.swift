import Experiments
import Foundation
import Machine
import weir

/// A kernel that simulates in milliseconds, with its sizes.
let tinyKernel = ["ch_cumsum_fwd", "--heads", "4", "--groups", "1", "--sequence-length", "256"]

/// Runs `weir` with these words in this process.
func weir(_ words: [String]) throws {
    var command = try Weir.parseAsRoot(words)
    try command.run()
}

/// The lines of a file of results.
func sweepLines(_ path: String) throws -> [String] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
}

/// What a sweep wrote: an object a line.
func sweepObjects(_ path: String) throws -> [[String: Any]] { try sweepLines(path).map(parsed) }

/// The values of `--vary TEXT` on an H200.
func varied(_ text: String) throws -> [SweepValue] { try axis(text).values }

func axis(_ text: String, machine: String = "h200") throws -> SweepAxis {
    let machine = try AnyMachine(named: machine)
    return try SweepAxis(text, fields: machine.fields, machine: machine)
}

/// The built command, which lies beside the tests; nil where it does not.
let builtCommand: String? = {
    let path = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appendingPathComponent("weir").path
    return FileManager.default.isExecutableFile(atPath: path) ? path : nil
}()

/// Starts the built command; its output goes nowhere.
func spawnWeir(_ words: [String]) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: builtCommand ?? "")
    process.arguments = words
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
}
