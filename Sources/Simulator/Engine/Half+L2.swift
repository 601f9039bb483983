/// The L2 side of a half: coalescers, lookups, fabric and memory.
extension Half {
    /// Looks up everything that reaches this half's L2 from its own SMs in `window`.
    mutating func lookUp(window: Int) {
        buckets.take(window: window, into: &arrived)
        fabricRequests.removeAll()
        memoryRequests.removeAll()
        limiter.begin(window: window)
        let count = arrived.count
        for position in 0..<count {
            if position &+ 8 < count { partition.prefetch(line: arrived[position &+ 8].line) }
            var request = arrived[position]
            let delay = limiter.delay(gpc: Int(request.gpc))
            request.time += delay
            switch request.kind {
            case .read: lookUpRead(request, delay: delay)
            case .write: lookUpWrite(request)
            case .reduction: lookUpReduction(request)
            case .fence: passFence(request)
            }
        }
        ownMemoryRequests = memoryRequests.count
        if blocksAtFlags > 0 { noteMergedPolls() }
    }

    @inline(__always)
    private mutating func lookUpRead(_ request: SectorRequest, delay: Double) {
        let read = Int32(truncatingIfNeeded: reads.count)
        var entry: Int32 = -1
        if coalesces {
            let isMerged = coalescer.merge(
                gpc: Int(request.gpc), line: request.line, sectors: request.sectors, read: read, time: request.time)
            let found = coalescer.entry
            if isMerged {
                merged.append(
                    MergedRead(ticket: request.ticket, read: coalescer.reads[found], arrival: coalescer.arrivals[found]))
                return
            }
            entry = Int32(truncatingIfNeeded: found)
        }
        reads.append(WaitingRead(ticket: request.ticket, entry: entry))
        answerCycles -= request.time - delay
        let sectors = request.sectors.nonzeroBitCount
        counters.l2TexReadSectors &+= UInt64(sectors)
        let wait = waitForSlice(line: request.line, sectors: sectors, now: request.time)
        queueCycles += delay + wait
        if map.home(of: request.line) == index {
            let result = partition.readAtHome(line: request.line, sectors: request.sectors, overFabric: false)
            counters.l2TexReadHitSectors &+= UInt64(result.hit.nonzeroBitCount)
            if !result.written.isEmpty { writeBack(result.written, time: request.time) }
            let hit = request.time + nearLatency(line: request.line, gpc: request.gpc) + wait
            if result.fetched == 0 {
                answer(read, at: max(hit, pending.arrival(of: request.line)), entry: entry)
            } else {
                answers.append(hit)
                fetch(line: request.line, sectors: result.fetched, read: read, isForeign: false, time: request.time + wait)
            }
        } else {
            let result = partition.readCopy(line: request.line, sectors: request.sectors)
            counters.l2TexReadHitSectors &+= UInt64(result.hit.nonzeroBitCount)
            if !result.written.isEmpty { writeBack(result.written, time: request.time) }
            let hit = request.time + nearLatency(line: request.line, gpc: request.gpc) + wait
            if result.missing == 0 {
                answer(read, at: max(hit, pending.arrival(of: request.line)), entry: entry)
            } else {
                answers.append(hit)
                pending.expect(line: request.line, arrival: hit + configuration.farHitLatency - configuration.nearHitLatency)
                fabricRequests.append(
                    FabricRequest(
                        time: request.time + wait, line: request.line, read: read, sectors: result.missing, wholeSectors: 0,
                        kind: .read))
            }
        }
    }

    /// Answers a read whose arrival is known at once.
    @inline(__always)
    private mutating func answer(_ read: Int32, at arrival: Double, entry: Int32) {
        answers.append(arrival)
        if entry >= 0 { coalescer.expect(entry: Int(entry), read: read, arrival: arrival, isFinal: false) }
    }

    @inline(__always)
    private mutating func lookUpWrite(_ request: SectorRequest) {
        let sectors = UInt64(request.sectors.nonzeroBitCount)
        counters.l2TexWriteSectors &+= sectors
        counters.l2TexWriteHitSectors &+= sectors
        let wait = waitForSlice(line: request.line, sectors: Int(sectors), now: request.time)
        if map.home(of: request.line) == index {
            write(line: request.line, sectors: request.sectors, whole: request.wholeSectors, time: request.time + wait)
            fabricRequests.append(
                FabricRequest(
                    time: request.time, line: request.line, read: -1, sectors: request.sectors, wholeSectors: 0,
                    kind: .dropCopy))
        } else {
            let written = partition.writeCopy(line: request.line, sectors: request.wholeSectors)
            if !written.isEmpty { writeBack(written, time: request.time) }
            fabricRequests.append(
                FabricRequest(
                    time: request.time + wait, line: request.line, read: -1, sectors: request.sectors,
                    wholeSectors: request.wholeSectors, kind: .write))
        }
    }

    /// Serves the requests that the other half passed to this one, then books this half's memory traffic of the window.
    mutating func serveHome(requests: borrowing RequestQueue<FabricRequest>) {
        fabricResponses.removeAll()
        let count = requests.count
        for position in 0..<count {
            if position &+ 8 < count { partition.prefetch(line: requests[position &+ 8].line) }
            let request = requests[position]
            let sectors = UInt64(request.sectors.nonzeroBitCount)
            switch request.kind {
            case .dropCopy:
                partition.dropCopy(line: request.line, sectors: request.sectors)
            case .read:
                counters.l2FabricReadSectors &+= sectors
                let wait = waitForFabric(sectors: Int(sectors), now: request.time)
                queueCycles += wait
                let result = partition.readAtHome(line: request.line, sectors: request.sectors, overFabric: true)
                counters.l2FabricReadHitSectors &+= UInt64(result.hit.nonzeroBitCount)
                if !result.written.isEmpty { writeBack(result.written, time: request.time) }
                if result.fetched != 0 {
                    fetch(line: request.line, sectors: result.fetched, read: request.read, isForeign: true, time: request.time + wait)
                } else {
                    let arrival = max(
                        request.time + wait + farLatency(line: request.line),
                        pending.arrival(of: request.line) + configuration.farMemoryLatency - configuration.nearMemoryLatency)
                    fabricResponses.append(FabricResponse(read: request.read, line: request.line, arrival: arrival))
                }
            case .write:
                counters.l2FabricWriteSectors &+= sectors
                counters.l2FabricWriteHitSectors &+= sectors
                let wait = waitForFabric(sectors: Int(sectors), now: request.time)
                write(line: request.line, sectors: request.sectors, whole: request.wholeSectors, time: request.time + wait)
            case .reduction:
                serveReduction(request)
            case .fence:
                let wait = waitForFabric(sectors: 0, now: request.time)
                fabricResponses.append(
                    FabricResponse(read: request.read, line: .max, arrival: request.time + wait + configuration.farFence))
            }
        }
        serveMemory()
    }

    /// Books the window's memory traffic by time: this half's own requests and the other's are each in order already.
    private mutating func serveMemory() {
        let count = memoryRequests.count
        var own = 0
        var foreign = ownMemoryRequests
        while own < ownMemoryRequests || foreign < count {
            let takesOwn = foreign >= count
                || (own < ownMemoryRequests && memoryRequests[own].time <= memoryRequests[foreign].time)
            let request = memoryRequests[takesOwn ? own : foreign]
            if takesOwn { own &+= 1 } else { foreign &+= 1 }
            let channel = map.channel(of: request.line)
            let bytes = Double(request.sectors) * configuration.bytesPerSector
            if request.isWrite {
                channels.write(channel: channel, bytes: bytes, now: request.time)
                continue
            }
            let queue = channels.read(channel: channel, bytes: bytes, now: request.time)
            let wait = queue + jitter.delay(line: request.line, time: request.time)
            let arrival = request.time + wait + configuration.nearMemoryLatency
            pending.update(line: request.line, arrival: arrival)
            guard request.read >= 0 else { continue }
            queueCycles += queue
            if request.isForeign {
                fabricResponses.append(
                    FabricResponse(
                        read: request.read, line: request.line,
                        arrival: request.time + wait + configuration.farMemoryLatency))
            } else {
                answers[Int(request.read)] = max(answers[Int(request.read)], arrival)
            }
        }
    }

    /// Hands the last window's answers to the operations that wait for them. `responses` are the other half's.
    mutating func deliverAnswers(responses: borrowing RequestQueue<FabricResponse>, now: Double) {
        for position in 0..<responses.count {
            let response = responses[position]
            guard response.read >= 0 else { continue }
            pending.update(line: response.line, arrival: response.arrival)
            answers[Int(response.read)] = max(answers[Int(response.read)], response.arrival)
        }
        for position in 0..<merged.count {
            let read = merged[position]
            deliver(ticket: read.ticket, arrival: read.read >= 0 ? answers[Int(read.read)] : read.arrival, now: now)
        }
        for position in 0..<reads.count {
            let read = reads[position]
            answerCycles += answers[position]
            if read.entry >= 0 {
                coalescer.expect(
                    entry: Int(read.entry), read: Int32(truncatingIfNeeded: position), arrival: answers[position], isFinal: true)
            }
            deliver(ticket: read.ticket, arrival: answers[position], now: now)
        }
        answers.removeAll()
        reads.removeAll()
        merged.removeAll()
    }

    /// Latency of a hit in this half's own slices.
    @inline(__always)
    func nearLatency(line: UInt64, gpc: UInt8) -> Double {
        let place = AddressMap.mix(line &+ UInt64(gpc) &<< 40) &>> 48
        return configuration.nearHitLatency + configuration.nearSpread * Double(place) / 65536
    }

    /// Latency of a hit that the other half asked for.
    @inline(__always)
    func farLatency(line: UInt64) -> Double {
        configuration.farHitLatency + configuration.farSpread * Double(AddressMap.mix(line) &>> 48) / 65536
    }

    @inline(__always)
    func waitForSlice(line: UInt64, sectors: Int, now: Double) -> Double {
        let slice = map.slice(of: line)
        let start = max(now, sliceFree[slice])
        sliceFree[slice] = start + Double(sectors) * configuration.sliceCyclesPerSector
        return start - now
    }

    @inline(__always)
    mutating func waitForFabric(sectors: Int, now: Double) -> Double {
        let start = max(now, fabricFree)
        fabricFree = start + Double(sectors) * configuration.fabricCyclesPerSector
        return start - now
    }

    @inline(__always)
    mutating func fetch(line: UInt64, sectors: UInt8, read: Int32, isForeign: Bool, time: Double) {
        let count = sectors.nonzeroBitCount
        counters.l2FillSectors &+= UInt64(count)
        counters.hbmReadBytes &+= UInt64(count) &* configuration.sectorBytes
        watched.noteRead(line: line, bytes: UInt64(count) &* configuration.sectorBytes)
        pending.expect(line: line, arrival: time + configuration.nearMemoryLatency)
        memoryRequests.append(
            MemoryRequest(
                time: time, line: line, read: read, sectors: UInt8(truncatingIfNeeded: count), isWrite: false,
                isForeign: isForeign))
    }

    mutating func writeBack(_ written: WriteBack, time: Double) {
        writeBack(line: written.line, sectors: written.sectors, torn: written.torn, time: time)
        if written.secondSectors != 0 {
            writeBack(line: written.secondLine, sectors: written.secondSectors, torn: written.secondTorn, time: time)
        }
    }

    private mutating func writeBack(line: UInt64, sectors: UInt8, torn: UInt8, time: Double) {
        if torn != 0 {
            // A partly written sector needs its other bytes: one more lookup, which misses.
            counters.l2OtherSectors &+= UInt64(torn.nonzeroBitCount)
            fetch(line: line, sectors: torn, read: -1, isForeign: false, time: time)
        }
        let count = sectors.nonzeroBitCount
        counters.hbmWriteBytes &+= UInt64(count) &* configuration.sectorBytes
        watched.noteWrite(line: line, bytes: UInt64(count) &* configuration.sectorBytes)
        memoryRequests.append(
            MemoryRequest(
                time: time, line: line, read: -1, sectors: UInt8(truncatingIfNeeded: count), isWrite: true, isForeign: false))
    }

    @inline(__always)
    private mutating func write(line: UInt64, sectors: UInt8, whole: UInt8, time: Double) {
        let written = partition.writeAtHome(line: line, sectors: sectors, whole: whole)
        if !written.isEmpty { writeBack(written, time: time) }
    }
}
