/// How many requests ahead the host's caches are asked for what a lookup needs.
private let ahead = 8

/// The L2 side of a half: its lookups and its requests to the other half and to memory.
extension Half {
    /// Looks up all requests of the half's own SMs that reach its L2 in the running window.
    mutating func lookUp() {
        let count = path.crossbar.takeArrivals()
        memory.beginWindow()
        for position in 0..<count {
            if position &+ ahead < count {
                let line = path.crossbar.arrivedLine(position &+ ahead)
                partition.prefetch(line: line)
                memory.prefetch(line: line)
            }
            let (request, delay) = path.crossbar.pass(position)
            switch request.kind {
            case .read, .multicast: lookUpRead(request, delay: delay)
            case .write: lookUpWrite(request)
            case .reduction: lookUpReduction(request)
            case .fence: passFence(request)
            }
        }
        memory.endOwn()
        guard cluster.flags.waiting > 0 else { return }
        for position in 0..<path.crossbar.mergedCount {
            cluster.noteMerged(ticket: path.crossbar.mergedTicket(position))
        }
    }

    @inline(__always)
    private mutating func lookUpRead(_ request: SectorRequest, delay: Double) {
        guard let read = path.crossbar.open(request, delay: delay) else { return }
        let sectors = request.sectors.nonzeroBitCount
        l2Counters.l2TexReadSectors &+= UInt64(sectors)
        let wait = slices.wait(line: request.line, sectors: sectors, now: request.time)
        path.crossbar.addQueue(delay + wait)
        if map.home(of: request.line) == index {
            let result = partition.readAtHome(line: request.line, sectors: request.sectors, overFabric: false)
            l2Counters.l2TexReadHitSectors &+= UInt64(result.hit.nonzeroBitCount)
            writeBack(at: request.time)
            let hit = request.time + slices.nearLatency(line: request.line, gpc: request.gpc) + wait
            if result.fetched == 0 {
                path.crossbar.answer(read, at: max(hit, memory.arrival(of: request.line)))
            } else {
                path.crossbar.answerLater(read, earliest: hit)
                memory.fetch(
                    line: request.line, sectors: result.fetched, read: read.number, isForeign: false,
                    time: request.time + wait)
            }
        } else {
            let result = partition.readCopy(line: request.line, sectors: request.sectors)
            l2Counters.l2TexReadHitSectors &+= UInt64(result.hit.nonzeroBitCount)
            writeBack(at: request.time)
            let hit = request.time + slices.nearLatency(line: request.line, gpc: request.gpc) + wait
            if result.missing == 0 {
                path.crossbar.answer(read, at: max(hit, memory.arrival(of: request.line)))
            } else {
                path.crossbar.answerLater(read, earliest: hit)
                memory.expect(
                    line: request.line, arrival: hit + configuration.farHitLatency - configuration.nearHitLatency)
                path.crossbar.ask(
                    FabricRequest(
                        time: request.time + wait, line: request.line, read: read.number, sectors: result.missing,
                        wholeSectors: 0,
                        kind: .read))
            }
        }
    }

    @inline(__always)
    private mutating func lookUpWrite(_ request: SectorRequest) {
        let sectors = UInt64(request.sectors.nonzeroBitCount)
        l2Counters.l2TexWriteSectors &+= sectors
        l2Counters.l2TexWriteHitSectors &+= sectors
        let wait = slices.wait(line: request.line, sectors: Int(sectors), now: request.time)
        if map.home(of: request.line) == index {
            write(line: request.line, sectors: request.sectors, whole: request.wholeSectors, time: request.time + wait)
            path.crossbar.ask(
                FabricRequest(
                    time: request.time, line: request.line, read: -1, sectors: request.sectors, wholeSectors: 0,
                    kind: .dropCopy))
        } else {
            partition.writeCopy(line: request.line, sectors: request.wholeSectors)
            writeBack(at: request.time)
            path.crossbar.ask(
                FabricRequest(
                    time: request.time + wait, line: request.line, read: -1, sectors: request.sectors,
                    wholeSectors: request.wholeSectors, kind: .write))
        }
    }

    /// Serves the requests that the other half passed to this one. Then it books this half's memory traffic of the
    /// window.
    mutating func serveHome(requests: borrowing Buffer<FabricRequest>) {
        path.crossbar.beginResponses()
        let count = requests.count
        for position in 0..<count {
            if position &+ ahead < count { partition.prefetch(line: requests[position &+ ahead].line) }
            let request = requests[position]
            let sectors = UInt64(request.sectors.nonzeroBitCount)
            switch request.kind {
            case .dropCopy:
                partition.dropCopy(line: request.line, sectors: request.sectors)
            case .read:
                l2Counters.l2FabricReadSectors &+= sectors
                let wait = path.crossbar.waitForFabric(sectors: Int(sectors), now: request.time)
                path.crossbar.addQueue(wait)
                let result = partition.readAtHome(line: request.line, sectors: request.sectors, overFabric: true)
                l2Counters.l2FabricReadHitSectors &+= UInt64(result.hit.nonzeroBitCount)
                writeBack(at: request.time)
                if result.fetched != 0 {
                    memory.fetch(
                        line: request.line, sectors: result.fetched, read: request.read, isForeign: true,
                        time: request.time + wait)
                } else {
                    let arrival = max(
                        request.time + wait + slices.farLatency(line: request.line),
                        memory.arrival(of: request.line) + configuration.farMemoryLatency
                            - configuration.nearMemoryLatency)
                    path.crossbar.respond(FabricResponse(read: request.read, line: request.line, arrival: arrival))
                }
            case .write:
                l2Counters.l2FabricWriteSectors &+= sectors
                l2Counters.l2FabricWriteHitSectors &+= sectors
                let wait = path.crossbar.waitForFabric(sectors: Int(sectors), now: request.time)
                write(
                    line: request.line, sectors: request.sectors, whole: request.wholeSectors, time: request.time + wait
                )
            case .reduction:
                serveReduction(request)
            case .fence:
                let wait = path.crossbar.waitForFabric(sectors: 0, now: request.time)
                path.crossbar.respond(
                    FabricResponse(
                        read: request.read, line: .max, arrival: request.time + wait + configuration.farFence))
            }
        }
        serveMemory()
    }

    /// Books the window's memory traffic and passes on the answers.
    private mutating func serveMemory() {
        while let answer = memory.serveNext() {
            path.crossbar.addQueue(answer.queue)
            if answer.isForeign {
                path.crossbar.respond(FabricResponse(read: answer.read, line: answer.line, arrival: answer.arrival))
            } else {
                path.crossbar.raise(answer.read, to: answer.arrival)
            }
        }
    }

    /// Hands the last window's answers to the operations that wait for them. `responses` come from the other half.
    mutating func deliverAnswers(responses: borrowing Buffer<FabricResponse>, now: Double) {
        for position in 0..<responses.count {
            let response = responses[position]
            guard response.read >= 0 else { continue }
            memory.update(line: response.line, arrival: response.arrival)
            path.crossbar.raise(response.read, to: response.arrival)
        }
        for position in 0..<path.crossbar.mergedCount {
            let (ticket, arrival) = path.crossbar.mergedAnswer(position)
            cluster.deliver(ticket: ticket, arrival: arrival, now: now)
        }
        for position in 0..<path.crossbar.readCount {
            let (ticket, arrival) = path.crossbar.takeAnswer(position)
            cluster.deliver(ticket: ticket, arrival: arrival, now: now)
        }
        path.crossbar.endAnswers()
    }

    @inline(__always)
    private mutating func write(line: UInt64, sectors: UInt8, whole: UInt8, time: Double) {
        partition.writeAtHome(line: line, sectors: sectors, whole: whole)
        writeBack(at: time)
    }

    /// Sends to memory what the partition's last access wrote back.
    @inline(__always)
    mutating func writeBack(at time: Double) {
        if partition.hasWritten { memory.writeBack(partition.takeWritten(), time: time) }
    }
}
