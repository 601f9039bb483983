import Trace

/// Reading of instruction lines.
extension AccelSimKernelReader {
    /// Reads `[line] PC mask destinations opcode sources width [addresses] immediate`.
    mutating func readInstruction() throws {
        if header.hasLineNumbers {
            guard scanner.decimal() != nil, scanner.isAtTokenEnd else {
                throw scanner.malformed("the source line", expected: "a number")
            }
            scanner.skipSpaces()
        }
        let before = lastCopy
        lastCopy = nil
        guard let counter = scanner.hexadecimal(), scanner.isAtTokenEnd else {
            throw scanner.malformed("the program counter", expected: "a hexadecimal number")
        }
        scanner.skipSpaces()
        guard let wide = scanner.hexadecimal(), scanner.isAtTokenEnd, let mask = UInt32(exactly: wide) else {
            throw scanner.malformed("the mask", expected: "8 hexadecimal digits")
        }
        let destinations = try readRegisters("destination")
        guard let number = opcodes.number(of: scanner.token()) else {
            throw scanner.malformed("the opcode", expected: "a SASS opcode such as LDG.E.128")
        }
        let sources = try readRegisters("source")
        if destinations.meetsLoad || sources.meetsLoad || storesLoaded(opcodes.opcodes[number], from: sources.last) {
            append(WarpEvent(kind: .awaitLoads))
            pending.removeAll()
        }
        if opcodes.opcodes[number].hasGroupFlag, header.version == 6 {
            scanner.skipSpaces()
            guard scanner.decimal() != nil, scanner.isAtTokenEnd else {
                throw scanner.malformed("the group flag", expected: "a number")
            }
        }
        scanner.skipSpaces()
        guard let width = scanner.decimal(), scanner.isAtTokenEnd, width <= 4096 else {
            throw scanner.malformed("the width", expected: "bytes of a lane, 0 where there is no address")
        }
        let mark = block.laneCount
        guard block.hasRoom(for: 1024) else { throw tooLong() }
        if case .bulk(let kind) = opcodes.opcodes[number].action, header.version == 6 {
            work &+= opcodes.opcodes[number].work
            account.add(number, try readBulk(kind, width: width, isActive: mask != 0), line: scanner.line)
            // Without this check, the immediate would be taken for a missing address.
            guard !scanner.isAtEnd() else {
                throw scanner.malformed("the immediate", expected: "a number behind as many addresses as the line says")
            }
            try readEnd()
            return
        }
        var isRun = false
        // NVBit may report a wrong width, so the opcode's width is used.
        let laneBytes = opcodes.opcodes[number].laneBytes ?? (width <= 32 ? Int(width) : 4)
        if width > 0 { isRun = try readAddresses(mask: mask, laneBytes: laneBytes) }
        let immediate = try readEnd()
        var event = WarpEvent(
            kind: .access, laneBytes: UInt16(laneBytes), laneCount: UInt16(mask.nonzeroBitCount), isRun: isRun,
            firstLane: UInt32(mark))
        guard opcodes.opcodes[number].isAsynchronousCopy, width > 0 else {
            work &+= opcodes.opcodes[number].work
            account.add(
                number,
                perform(
                    number, event, mask: mask, hasAddresses: width > 0, immediate: immediate,
                    destination: destinations.first),
                line: scanner.line)
            return
        }
        var copy = CopyLine(
            counter: counter, mask: mask, opcode: number, isShared: areShared(from: mark),
            isGlobal: areGlobal(from: mark), mark: mark)
        if let before, before.counter == counter, before.opcode == number,
            before.mask == mask || before.isShared != copy.isShared,
            !(before.isGlobal && copy.isGlobal)
        {
            guard before.isShared || !copy.isShared else {
                block.truncateLanes(to: mark)
                account.add(number, .sharedSide, line: scanner.line)
                return
            }
            // This line is the one with the addresses of global memory. Post-processing takes the second line of the
            // two.
            account.move(number, from: before.outcome, to: .sharedSide)
            if before.madeStep {
                work = block.removeLast()
                block.removeLanes(before.mark..<mark)
                event.firstLane = UInt32(before.mark)
            }
        } else {
            work &+= opcodes.opcodes[number].work
            lastCopy = copy
        }
        let steps = block.events.count
        copy.outcome = perform(number, event, mask: mask, hasAddresses: true, immediate: immediate, destination: nil)
        copy.madeStep = block.events.count > steps
        account.add(number, copy.outcome, line: scanner.line)
        if lastCopy != nil { lastCopy = copy }
    }

    /// Whether all addresses from `mark` on are offsets in shared memory or lie in its window.
    private func areShared(from mark: Int) -> Bool {
        guard block.laneCount > mark else { return false }
        for lane in mark..<block.laneCount where !spaces.isShared(block.lanes[lane]) { return false }
        return true
    }

    /// Whether all addresses from `mark` on certainly belong to global memory. This is known where the header says
    /// where the window of shared memory lies.
    private func areGlobal(from mark: Int) -> Bool {
        guard spaces.sharedBase != 0, block.laneCount > mark else { return false }
        for lane in mark..<block.laneCount where spaces.isShared(block.lanes[lane]) { return false }
        return true
    }

    /// Whether a store stores a register that waits for a load. Its data begin at register `first`. The line names only
    /// the first register.
    private func storesLoaded(_ opcode: SASSOpcode, from first: UInt64?) -> Bool {
        guard !pending.isEmpty, let first, let bytes = opcode.laneBytes, bytes > 4, opcode.action.writes else {
            return false
        }
        return (first..<(first + UInt64(bytes / 4))).contains { pending.contains($0) }
    }

    /// Reads a count and as many registers, such as `R12`.
    /// - Returns: the first and the last general register, and whether any register waits for a load.
    private mutating func readRegisters(_ what: StaticString) throws -> (first: UInt64?, last: UInt64?, meetsLoad: Bool)
    {
        scanner.skipSpaces()
        guard let count = scanner.decimal(), scanner.isAtTokenEnd, count <= 16 else {
            throw scanner.malformed("the number of \(what) registers", expected: "a number up to 16")
        }
        var first: UInt64?
        var last: UInt64?
        var meetsLoad = false
        for _ in 0..<count {
            scanner.skipSpaces()
            let isUniform = scanner.take(UInt8(ascii: "U"))
            let isGeneral = scanner.take(UInt8(ascii: "R"))
            guard isGeneral || scanner.take(UInt8(ascii: "P")), let number = scanner.decimal(), scanner.isAtTokenEnd,
                number <= 255
            else {
                throw scanner.malformed("a \(what) register", expected: "R, UR, P or UP and a number up to 255")
            }
            guard isGeneral, !isUniform, number != 255 else { continue }
            if first == nil { first = number }
            last = number
            if pending.contains(number) { meetsLoad = true }
        }
        return (first, last, meetsLoad)
    }

    /// Reads the lanes' addresses and appends them to the block's.
    /// - Returns: whether the lanes lie one behind the other, so that only the first address was appended.
    private mutating func readAddresses(mask: UInt32, laneBytes: Int) throws -> Bool {
        scanner.skipSpaces()
        guard let mode = scanner.decimal(), scanner.isAtTokenEnd, mode <= 2 else {
            throw scanner.malformed(
                "the address mode", expected: "0 (all), 1 (base and stride) or 2 (base and differences)")
        }
        let lanes = mask.nonzeroBitCount
        if mode == 0 {
            for _ in 0..<lanes { block.append(lane: try readAddress()) }
            return false
        }
        let base = try readAddress()
        if mode == 2 {
            if lanes > 0 { block.append(lane: base) }
            var address = base
            for _ in 0..<max(0, lanes - 1) {
                address &+= UInt64(bitPattern: try readSigned("a difference of addresses"))
                block.append(lane: address)
            }
            return false
        }
        let stride = try readSigned("the stride")
        guard lanes > 0 else { return false }
        guard (mask >> UInt32(mask.trailingZeroBitCount)).trailingZeroBitCount == 0,
            32 - mask.leadingZeroBitCount - mask.trailingZeroBitCount == lanes
        else {
            throw TraceFormatError.malformed(
                scanner.place, what: "the mask of a base and a stride", found: "0x\(String(mask, radix: 16))",
                expected: "lanes without a gap")
        }
        if stride == Int64(laneBytes) {
            block.append(lane: base)
            return true
        }
        for lane in 0..<lanes { block.append(lane: base &+ UInt64(bitPattern: Int64(lane) &* stride)) }
        return false
    }

    @inline(__always)
    private mutating func readAddress() throws -> UInt64 {
        scanner.skipSpaces()
        guard let address = scanner.hexadecimal(), scanner.isAtTokenEnd else {
            throw scanner.malformed(
                "an address", expected: "a hexadecimal number of up to 64 bits for each active lane")
        }
        return address
    }

    @inline(__always)
    private mutating func readSigned(_ what: StaticString) throws -> Int64 {
        scanner.skipSpaces()
        guard let value = scanner.signedDecimal(), scanner.isAtTokenEnd else {
            throw scanner.malformed("\(what)", expected: "a decimal number")
        }
        return value
    }

    /// Reads the immediate, which is 0 where an old trace has none. Version 6 has another immediate and registers'
    /// values behind it, which say nothing about memory.
    @discardableResult
    private mutating func readEnd() throws -> UInt64 {
        if scanner.isAtEnd() { return 0 }
        let immediate = try readSigned("the immediate")
        guard header.version == 6 || scanner.isAtEnd() else {
            throw scanner.malformed("what follows the immediate", expected: "the line's end")
        }
        return UInt64(bitPattern: immediate)
    }

    /// Reads `barrier is_multicast [mask] bytes bytes_outside mode addresses` of version 6.
    /// - Returns: what became of the line.
    private mutating func readBulk(_ kind: AccessKind, width: UInt64, isActive: Bool) throws -> LineAccount.Outcome {
        let barrier = try readAddress()
        let isMulticast = try readSigned("the multicast flag")
        if isMulticast != 0 { _ = try readAddress() }
        _ = try readSigned("the bytes of the copy")
        _ = try readSigned("the bytes outside the tensor")
        let mode = try readSigned("the address mode")
        guard mode == 3 || mode == 4 else {
            throw scanner.malformed("the address mode", expected: "3 (all) or 4 (base and differences)")
        }
        var address = mode == 4 ? try readAddress() : 0
        let count = try readSigned("the number of addresses")
        guard count >= 0, width >= 1 || count == 0 else {
            throw scanner.malformed("the number of addresses", expected: "0 or more")
        }
        var event = WarpEvent(kind: .access, access: kind, laneBytes: UInt16(width), firstLane: UInt32(block.laneCount))
        let (mark, steps) = (block.laneCount, block.events.count)
        var highest: UInt64 = 0
        for place in 0..<count {
            if mode == 3 {
                address = try readAddress()
            } else if place > 0 {
                address &+= UInt64(bitPattern: try readSigned("a difference of addresses"))
            }
            guard isActive else { continue }
            highest |= address
            guard block.hasRoom(for: 1) else { throw tooLong() }
            block.append(lane: address)
            event.laneCount += 1
            if event.laneCount == TraceLimits.requestLanes {
                append(event)
                event.firstLane = UInt32(block.laneCount)
                event.laneCount = 0
            }
        }
        guard isActive else { return .idle }
        guard count > 0 else { return .bulk }
        if event.laneCount > 0 { append(event) }
        if highest == 0 {
            while block.events.count > steps { work &+= block.removeLast() }
            block.truncateLanes(to: mark)
            return .unlocated
        }
        if kind == .bulkLoad { append(WarpEvent(kind: .commit, number: barrier &+ 1)) }
        return .request
    }
}
