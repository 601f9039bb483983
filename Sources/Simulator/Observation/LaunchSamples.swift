/// A launch over time, in buckets of equal length from its first block's start on.
package struct LaunchSamples: Equatable, Sendable {
    /// Length of a bucket in cycles.
    package let bucketCycles: Double
    /// Bytes that HBM moved in each bucket. Bytes that are still on their way when the last block ends lie in later
    /// buckets.
    package let hbmReadBytes: [Double]
    package let hbmWriteBytes: [Double]
    /// Sectors that both L2 partitions looked up in each bucket, and the sectors that hit.
    package let l2Sectors: [Double]
    package let l2HitSectors: [Double]
    /// Resident blocks of the whole machine, averaged over each bucket.
    package let residentBlocks: [Double]

    /// The number of buckets.
    package var count: Int { residentBlocks.count }

    /// L2 hit rate of a bucket in percent; nil without lookups.
    package func l2HitPercent(bucket: Int) -> Double? {
        l2Sectors[bucket] > 0 ? 100 * l2HitSectors[bucket] / l2Sectors[bucket] : nil
    }
}
