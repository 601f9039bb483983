/// Registers and dynamic shared memory of the tilings that were compiled.
enum CompiledTable {
    /// What the compiler gave one tiling.
    struct Entry: Equatable, Sendable {
        /// 32-bit registers of a thread.
        var registers: Int
        /// Dynamic shared memory in bytes.
        var sharedMemoryBytes: Int
        /// Bytes of a thread's local memory for spilled registers.
        var spillBytes = 0
    }

    /// Whether `shape` agrees with the compiled shape in everything that decides the code of every kernel.
    /// `SSDCode.isCompiled` checks what decides the code of one.
    static func covers(_ shape: SSDShape) -> Bool {
        shape.elementType.byteCount == 2 && !shape.hasSequenceIndex && shape.sequenceLength % 16 == 0
    }
}
