import Foundation

/// The reader under test; set once, before libFuzzer begins.
nonisolated(unsafe) private var target = FuzzTarget.din

/// Called by libFuzzer's main before anything else: `weir-fuzz -target=NAME [libFuzzer's options and corpus folders]`, which is
/// how `Scripts/fuzz` calls it. libFuzzer passes by options that it does not know, with a warning.
@_cdecl("LLVMFuzzerInitialize")
func initialize(_ count: UnsafeMutableRawPointer, _ arguments: UnsafeMutableRawPointer) -> Int32 {
    let flag = "-target="
    let name = CommandLine.arguments.first { $0.hasPrefix(flag) }?.dropFirst(flag.count)
    guard let name, let chosen = FuzzTarget(rawValue: String(name)) else {
        let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: ", ")
        FileHandle.standardError.write(Data("weir-fuzz: give \(flag)NAME, one of: \(names)\n".utf8))
        exit(64)
    }
    target = chosen
    return 0
}

/// Called by libFuzzer with every input.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    target.run(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
}
