extension ImportFormat {
    /// Dinero's `.din`, traditional and extended.
    package static let din = CPUTraceImporter.format(
        "din", holds: "Dinero", wanted: "a trace of Dinero", otherNames: ["dinero", "dineroiv", "dinero4"],
        accessBytes: 4,
        takes: [.noFetches], expected: "'0 1000', '1 1000', '2 1000', or 'r 1000 4', 'w 1000 4', 'i 1000 4'",
        told: .nearlyAllLines
    ) { try $0.readDin() }
}

/// Dinero's traces, with the meanings of Dinero IV. *Source:* its manual page, "Trace records".
extension CPUTraceImporter {
    /// Reads `label address` or `type address size`. What follows is a comment. All numbers are hexadecimal.
    fileprivate mutating func readDin() throws -> CPULineAccount.Line {
        if scanner.isAtEnd() { return .blank }
        if scanner.startsComment { return .comment }
        guard let first = scanner.next else { return .blank }
        let line: CPULineAccount.Line
        let isExtended = first > UInt8(ascii: "9")
        if isExtended {
            let type: CPULineAccount.Line? =
                switch first.lowercased {
                case UInt8(ascii: "r"): .read
                case UInt8(ascii: "w"): .write
                case UInt8(ascii: "i"): .fetch
                case UInt8(ascii: "m"): .miscellaneous
                case UInt8(ascii: "c"): .copyBack
                case UInt8(ascii: "v"): .invalidation
                default: nil
                }
            guard let type, scanner.take(first), scanner.isAtTokenEnd else { throw malformedLabel() }
            line = type
        } else {
            // The labels 0 to 5 are the first kinds of lines of the account, in this order.
            guard let label = scanner.hexadecimal(), scanner.isAtTokenEnd, label <= 5,
                let type = CPULineAccount.Line(rawValue: Int(label))
            else { throw malformedLabel() }
            line = type
        }
        let isMaintenance = line == .copyBack || line == .invalidation
        // Dinero IV demands an address here. A line without one can only mean all lines of the cache.
        if isMaintenance, !isExtended, scanner.isAtEnd() { return append(line, address: nil, bytes: 0) }
        scanner.skipSpaces()
        guard let address = scanner.hexadecimal(), scanner.isAtTokenEnd else {
            throw scanner.malformed("the address", expected: "a hexadecimal number of up to 64 bits")
        }
        guard isExtended else {
            return append(line, address: address & ~(accessBytes &- 1), bytes: accessBytes, recorded: address)
        }
        scanner.skipSpaces()
        guard let size = scanner.hexadecimal(), scanner.isAtTokenEnd, size >= 1 || isMaintenance,
            size <= Self.largestBytes
        else {
            throw scanner.malformed("the size", expected: "a hexadecimal number from \(isMaintenance ? 0 : 1) to ffff")
        }
        return append(line, address: isMaintenance && size == 0 ? nil : address, bytes: size)
    }

    private mutating func malformedLabel() -> TraceFormatError {
        scanner.malformed("the label", expected: "0 to 5, or one of r, w, i, m, c and v: \(expected)")
    }

    /// - Parameter address: nil for all lines of the cache, which only copy-backs and invalidations may have.
    @inline(__always)
    private mutating func append(
        _ line: CPULineAccount.Line, address: UInt64?, bytes: UInt64, recorded: UInt64? = nil
    ) -> CPULineAccount.Line {
        switch line {
        case .copyBack: appendMaintenance(.copyBack, address: address)
        case .invalidation: appendMaintenance(.invalidate, address: address)
        case .write: append(.store, address: address ?? 0, bytes: bytes, recorded: recorded)
        case .fetch:
            return appendFetch(address: address ?? 0, bytes: bytes, recorded: recorded) ? .fetch : .fetchLeftOut
        case .miscellaneous:
            append(.load, address: address ?? 0, bytes: bytes, hint: .miscellaneous, recorded: recorded)
        default: append(.load, address: address ?? 0, bytes: bytes, recorded: recorded)
        }
        return line
    }
}
