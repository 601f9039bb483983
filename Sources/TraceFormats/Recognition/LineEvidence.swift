/// What the lines of a text say about the formats that it may have. Each line is asked on its own.
struct LineEvidence {
    private let line: ArraySlice<UInt8>
    private let tokens: [ArraySlice<UInt8>]

    init(_ line: ArraySlice<UInt8>) {
        self.line = line
        tokens = line.split { $0 == 32 || $0 == 9 || $0 == 13 }
    }

    var isBlank: Bool { tokens.isEmpty }

    /// `-kernel name = ...` and the other lines that only a kernel of Accel-Sim has.
    var isAccelSimKernel: Bool {
        ["-kernel name =", "-accelsim tracer version", "#traces format", "#BEGIN_TB"].contains { line.starts(with: $0.utf8) }
    }

    /// `MemcpyHtoD,0x...,...`, or the name of a kernel's file, with or without a path.
    var isKernelsListCommand: Bool {
        guard tokens.count == 1 else { return false }
        if line.starts(with: "MemcpyHtoD,".utf8) || line.starts(with: "MemcpyDtoH,".utf8) { return true }
        let name = tokens[0].split(separator: 47).last ?? []
        return name.starts(with: "kernel".utf8) && contains(".trace", in: name)
    }

    /// A line of a kernels' list before Accel-Sim's post-processing.
    var isRawKernelsListCommand: Bool {
        guard isKernelsListCommand else { return false }
        return [".trace", ".trace.xz", ".trace.gz"].contains { tokens[0].suffix($0.utf8.count).elementsEqual($0.utf8) }
    }

    /// The line above a kernel's instructions, and the mark of a thread block below it.
    var isInstructionsHeader: Bool { line.starts(with: "#traces format".utf8) }
    var beginsThreadBlock: Bool { line.starts(with: "#BEGIN_TB".utf8) }

    /// A record or a launch of NVBit's mem_trace, wherever in the line.
    var isNVBit: Bool {
        contains("CTA ", in: line) && contains(" - warp ", in: line) || contains("Kernel ", in: line) && contains(" - grid size ", in: line)
    }

    /// Valgrind's own line that names lackey.
    var isLackeyBanner: Bool { line.starts(with: "==".utf8) && contains("Lackey", in: line) }

    private func contains(_ text: StaticString, in bytes: ArraySlice<UInt8>) -> Bool {
        let count = text.utf8CodeUnitCount
        let first = text.utf8Start[0]
        var rest = bytes
        while let place = rest.firstIndex(of: first) {
            rest = rest[place...]
            guard rest.count >= count else { return false }
            if rest.starts(with: UnsafeBufferPointer(start: text.utf8Start, count: count)) { return true }
            rest = rest.dropFirst()
        }
        return false
    }
}
