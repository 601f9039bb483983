import Foundation
import weir

/// A kernel that simulates in milliseconds, with its sizes.
let tinyKernel = ["ch_cumsum_fwd", "--heads", "4", "--groups", "1", "--sequence-length", "256"]

/// Runs `weir` with these words in this process.
func weir(_ words: [String]) throws {
    var command = try Weir.parseAsRoot(words)
    try command.run()
}

/// The built command, which lies beside the tests; nil where it does not.
let builtCommand: String? = {
    let path = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appendingPathComponent("weir")
        .path
    return FileManager.default.isExecutableFile(atPath: path) ? path : nil
}()

/// Runs the built command through the shell, which redirects its streams.
/// - Parameter redirections: such as `>&-`.
/// - Returns: the exit code, and what it wrote on standard output and standard error together.
func shellWeir(_ words: [String], redirections: String = "") throws -> (code: Int32, text: String) {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "command=$0; exec \"$command\" \"$@\" \(redirections)", builtCommand ?? ""] + words
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
}

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
