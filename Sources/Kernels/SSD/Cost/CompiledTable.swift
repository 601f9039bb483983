/// Registers and dynamic shared memory of the tilings that were compiled.
enum CompiledTable {
    /// What one tiling was given.
    struct Entry: Equatable, Sendable {
        /// 32-bit registers of a thread.
        var registers: Int
        /// Dynamic shared memory in bytes.
        var sharedMemoryBytes: Int
        /// Bytes of a thread's local memory for spilled registers.
        var spillBytes = 0
    }

    /// Whether `shape` agrees with the compiled one in what decides every kernel's code; `SSDCode.isCompiled` has what
    /// decides one's.
    static func covers(_ shape: SSDShape) -> Bool {
        shape.elementType.byteCount == 2 && !shape.hasSequenceIndex && shape.sequenceLength % 16 == 0
    }
}
