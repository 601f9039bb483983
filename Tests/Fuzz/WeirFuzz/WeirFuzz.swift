import Foundation

/// The reader under test; set once, before libFuzzer begins.
nonisolated(unsafe) private var target = FuzzTarget.all[0]

/// Called by libFuzzer's main before anything else: `weir-fuzz -target=NAME [libFuzzer's options and corpus folders]`,
/// which is how `Scripts/fuzz` calls it. libFuzzer passes by options that it does not know, with a warning.
@_cdecl("LLVMFuzzerInitialize")
func initialize(_ count: UnsafeMutableRawPointer, _ arguments: UnsafeMutableRawPointer) -> Int32 {
    let flag = "-target="
    let name = CommandLine.arguments.first { $0.hasPrefix(flag) }?.dropFirst(flag.count)
    guard let name, let chosen = FuzzTarget.all.first(where: { $0.name == name }) else {
        let names = FuzzTarget.all.map(\.name).joined(separator: ", ")
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

/// Asked by the leak sanitizer: what a lazily initialised global holds lives as long as the process, but where the only
/// pointer to it lies in an enumeration, with bits of the case in it, the sanitizer does not find it.
@_cdecl("__lsan_default_suppressions")
func leakSuppressions() -> UnsafePointer<CChar> {
    let text: StaticString = "leak:swift::threading_impl::once_slow"
    return UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
}
