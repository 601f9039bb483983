/// Skips polls that change nothing.
extension Half {
    /// Moves every held poll by as many of its periods as fit between `first` and `time`, and counts the polls in
    /// between.
    mutating func skipPolls(from first: Double, to time: Double) {
        for position in 0..<cluster.flags.held.count {
            let held = cluster.flags.held[position]
            let poll = cluster.flags.polls[Int(held.slot)]
            let count = max(0, ((time - first) / poll.period).rounded(.down))
            let polls = SMCluster.polls(count)
            for request in cluster.skip(held, by: count) {
                let sectors = request.sectors
                let sectorCount = polls &* UInt64(sectors.nonzeroBitCount)
                l2Counters.lineRequests &+= polls
                l2Counters.l1LoadRequests &+= request.startsRequest ? polls : 0
                l2Counters.l1LoadSectors &+= sectorCount
                l2Counters.l2ToL1ReadSectors &+= sectorCount
                if poll.isMerged { continue }
                l2Counters.l2TexReadSectors &+= sectorCount
                path.crossbar.addAnswers(Double(polls) * (poll.period - configuration.pollPause))
                if map.home(of: request.line) == index || partition.holds(line: request.line, sectors: sectors) {
                    l2Counters.l2TexReadHitSectors &+= sectorCount
                } else {
                    let asked = polls &* UInt64(partition.widened(sectors).nonzeroBitCount)
                    l2Counters.l2FabricReadSectors &+= asked
                    l2Counters.l2FabricReadHitSectors &+= asked
                }
            }
        }
        cluster.endHold()
    }
}
