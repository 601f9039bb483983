/// Reductions, atomics and fences at the L2.
extension Half {
    /// A reduction by an SM of this half. Only the line's home adds. The requester's slice passes the reduction on.
    mutating func lookUpReduction(_ request: SectorRequest) {
        let sectors = UInt64(request.sectors.nonzeroBitCount)
        l2Counters.l2TexReductionSectors &+= sectors
        let wait = slices.wait(line: request.line, sectors: Int(sectors), now: request.time)
        var read: Int32 = -1
        if request.ticket >= 0 {
            read = path.crossbar.open(ticket: request.ticket, at: request.time, earliest: request.time)
            path.crossbar.addQueue(wait)
        }
        if map.home(of: request.line) == index {
            let unit = waitForUnit(line: request.line, sectors: request.sectors, now: request.time + wait)
            let time = request.time + wait + unit
            if read >= 0 {
                path.crossbar.addQueue(unit)
                path.crossbar.settle(read, at: time + slices.nearLatency(line: request.line, gpc: request.gpc))
            }
            let hit = reduce(line: request.line, sectors: request.sectors, read: read, isForeign: false, time: time)
            l2Counters.l2TexReductionHitSectors &+= UInt64(hit.nonzeroBitCount)
            if map.partitions > 1 {
                path.crossbar.ask(
                    FabricRequest(
                        time: request.time, line: request.line, read: -1, sectors: request.sectors, wholeSectors: 0,
                        kind: .dropCopy))
            }
        } else {
            partition.dropCopy(line: request.line, sectors: request.sectors)
            l2Counters.l2TexReductionHitSectors &+= sectors
            path.crossbar.ask(
                FabricRequest(
                    time: request.time + wait, line: request.line, read: read, sectors: request.sectors,
                    wholeSectors: request.wholeSectors, kind: .reduction))
        }
    }

    /// A reduction that the other half passed to this one. A header and its sectors cross the fabric.
    mutating func serveReduction(_ request: FabricRequest) {
        let sectors = request.sectors.nonzeroBitCount
        l2Counters.l2FabricReductionSectors &+= UInt64(sectors)
        var time = request.time + path.crossbar.waitForFabric(sectors: sectors + 1, now: request.time)
        time += waitForUnit(line: request.line, sectors: request.sectors, now: time)
        if request.read >= 0 { path.crossbar.addQueue(time - request.time) }
        let hit = reduce(line: request.line, sectors: request.sectors, read: request.read, isForeign: true, time: time)
        l2Counters.l2FabricReductionHitSectors &+= UInt64(hit.nonzeroBitCount)
    }

    /// A fence by a block of this half. Each partition that the block wrote to answers it.
    mutating func passFence(_ request: SectorRequest) {
        let read = path.crossbar.open(
            ticket: request.ticket, at: request.time,
            earliest: request.time + (request.sectors & 1 != 0 ? configuration.nearFence : 0))
        if request.sectors & 2 != 0 {
            path.crossbar.ask(
                FabricRequest(time: request.time, line: .max, read: read, sectors: 0, wholeSectors: 0, kind: .fence))
        }
    }

    private mutating func waitForUnit(line: UInt64, sectors: UInt8, now: Double) -> Double {
        slices.waitForUnit(line: line, sectors: sectors, now: now, window: path.crossbar.window)
    }

    private mutating func reduce(line: UInt64, sectors: UInt8, read: Int32, isForeign: Bool, time: Double) -> UInt8 {
        let result = partition.reduceAtHome(line: line, sectors: sectors)
        writeBack(at: time)
        if result.fetched != 0 {
            memory.fetch(line: line, sectors: result.fetched, read: read, isForeign: isForeign, time: time)
        } else if isForeign && read >= 0 {
            path.crossbar.respond(FabricResponse(read: read, line: line, arrival: time + slices.farLatency(line: line)))
        }
        return result.hit
    }
}
