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

    /// A record or a launch of NVBit's mem_trace, wherever in the line.
    var isNVBit: Bool {
        contains("CTA ", in: line) && contains(" - warp ", in: line) || contains("Kernel ", in: line) && contains(" - grid size ", in: line)
    }

    /// An access or a superblock of lackey, or valgrind's own line that names it.
    var isLackey: Bool {
        if line.starts(with: "==".utf8) { return contains("Lackey", in: line) }
        guard tokens.count == 2, tokens[0].count <= 2 else { return false }
        if tokens[0].elementsEqual("SB".utf8) { return isHexadecimal(tokens[1]) }
        guard tokens[0].count == 1, let kind = tokens[0].first, "ILSM".utf8.contains(kind) else { return false }
        let parts = tokens[1].split(separator: 44, omittingEmptySubsequences: false)
        return parts.count == 2 && isHexadecimal(parts[0]) && isDecimal(parts[1])
    }

    /// `label address` with what follows as comment, `type address size`, or a flush alone.
    var isDin: Bool {
        guard let label = tokens.first, label.count == 1, let kind = label.first else { return false }
        if "01234".utf8.contains(kind) {
            return tokens.count == 1 ? kind == 52 : isHexadecimal(tokens[1])
        }
        return "rwimcvRWIMCV".utf8.contains(kind) && tokens.count >= 3 && isHexadecimal(tokens[1]) && isHexadecimal(tokens[2])
    }

    /// `LD address` and the like, `address R`, `R address`, an address in parts, or `bubbles read [write]`.
    var isRamulator: Bool {
        guard tokens.count == 2 || tokens.count == 3 else { return false }
        if isWord(tokens[0], of: ["LD", "ST"]) { return tokens.count == 2 && isNumber(tokens[1]) }
        if isWord(tokens[0], of: ["R", "W"]) {
            return tokens.count == 2 && tokens[1].split(separator: 44, omittingEmptySubsequences: false).allSatisfy(isNumber)
        }
        if tokens.count == 2, isWord(tokens[1], of: ["R", "W"]) { return isNumber(tokens[0]) }
        return isDecimal(tokens[0]) && tokens.dropFirst().allSatisfy(isNumber)
    }

    private func isWord(_ token: ArraySlice<UInt8>, of words: [String]) -> Bool { words.contains { token.elementsEqual($0.utf8) } }

    private func isDecimal(_ token: ArraySlice<UInt8>) -> Bool { !token.isEmpty && token.allSatisfy { (48...57).contains($0) } }

    private func isHexadecimal(_ token: ArraySlice<UInt8>) -> Bool {
        let digits = token.starts(with: "0x".utf8) || token.starts(with: "0X".utf8) ? token.dropFirst(2) : token
        return !digits.isEmpty && digits.count <= 16 + 8
            && digits.allSatisfy { (48...57).contains($0) || (97...102).contains($0) || (65...70).contains($0) }
    }

    /// Decimal, or hexadecimal with `0x`.
    private func isNumber(_ token: ArraySlice<UInt8>) -> Bool {
        isDecimal(token) || (token.starts(with: "0x".utf8) || token.starts(with: "0X".utf8)) && isHexadecimal(token)
    }

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
