/// Reductions, atomics and fences at the L2.
extension Half {
    /// The partitions that a block's stores go to: bit 0 this half's, bit 1 the other.
    var allHomes: UInt8 { map.partitions > 1 ? 3 : 1 }

    /// A reduction by an SM of this half. Only the line's home adds; the requester's slice passes it on.
    mutating func lookUpReduction(_ request: SectorRequest) {
        let sectors = UInt64(request.sectors.nonzeroBitCount)
        counters.l2TexReductionSectors &+= sectors
        let wait = waitForSlice(line: request.line, sectors: Int(sectors), now: request.time)
        var read: Int32 = -1
        if request.ticket >= 0 {
            read = Int32(truncatingIfNeeded: reads.count)
            reads.append(WaitingRead(ticket: request.ticket))
            answers.append(request.time)
            answerCycles -= request.time
            queueCycles += wait
        }
        if map.home(of: request.line) == index {
            let unit = waitForUnit(line: request.line, sectors: request.sectors, now: request.time + wait)
            let time = request.time + wait + unit
            if read >= 0 {
                queueCycles += unit
                answers[Int(read)] = time + nearLatency(line: request.line, gpc: request.gpc)
            }
            let hit = reduce(line: request.line, sectors: request.sectors, read: read, isForeign: false, time: time)
            counters.l2TexReductionHitSectors &+= UInt64(hit.nonzeroBitCount)
            if map.partitions > 1 {
                fabricRequests.append(
                    FabricRequest(
                        time: request.time, line: request.line, read: -1, sectors: request.sectors, wholeSectors: 0, kind: .dropCopy))
            }
        } else {
            partition.dropCopy(line: request.line, sectors: request.sectors)
            counters.l2TexReductionHitSectors &+= sectors
            fabricRequests.append(
                FabricRequest(
                    time: request.time + wait, line: request.line, read: read, sectors: request.sectors,
                    wholeSectors: request.wholeSectors, kind: .reduction))
        }
    }

    /// A reduction that the other half passed to this one: a header and its sectors cross the fabric.
    mutating func serveReduction(_ request: FabricRequest) {
        let sectors = request.sectors.nonzeroBitCount
        counters.l2FabricReductionSectors &+= UInt64(sectors)
        var time = request.time + waitForFabric(sectors: sectors + 1, now: request.time)
        time += waitForUnit(line: request.line, sectors: request.sectors, now: time)
        if request.read >= 0 { queueCycles += time - request.time }
        let hit = reduce(line: request.line, sectors: request.sectors, read: request.read, isForeign: true, time: time)
        counters.l2FabricReductionHitSectors &+= UInt64(hit.nonzeroBitCount)
    }

    /// A fence by a block of this half: answered by each partition that the block wrote to.
    mutating func passFence(_ request: SectorRequest) {
        let read = Int32(truncatingIfNeeded: reads.count)
        reads.append(WaitingRead(ticket: request.ticket))
        answerCycles -= request.time
        answers.append(request.time + (request.sectors & 1 != 0 ? configuration.nearFence : 0))
        if request.sectors & 2 != 0 {
            fabricRequests.append(
                FabricRequest(time: request.time, line: .max, read: read, sectors: 0, wholeSectors: 0, kind: .fence))
        }
    }

    private mutating func waitForUnit(line: UInt64, sectors: UInt8, now: Double) -> Double {
        atomicUnits.wait(slice: map.slice(of: line), line: line, sectors: sectors, now: now, window: runningWindow)
    }

    private mutating func reduce(line: UInt64, sectors: UInt8, read: Int32, isForeign: Bool, time: Double) -> UInt8 {
        let result = partition.reduceAtHome(line: line, sectors: sectors)
        if !result.written.isEmpty { writeBack(result.written, time: time) }
        if result.fetched != 0 {
            fetch(line: line, sectors: result.fetched, read: read, isForeign: isForeign, time: time)
        } else if isForeign && read >= 0 {
            fabricResponses.append(FabricResponse(read: read, line: line, arrival: time + farLatency(line: line)))
        }
        return result.hit
    }
}
