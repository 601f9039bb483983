/// Numbers that follow from the settings, computed once when a machine is made.
package struct DerivedValues: Equatable, Sendable {
    /// Sectors of an L2 line, 1...8.
    package let l2SectorsPerLine: Int
    /// L2 sectors of one HBM fetch: at least 1, at most those of a line.
    package let l2SectorsPerFetch: Int
    /// L2 sets of one partition.
    package let l2SetsPerPartition: Int
    /// L2 slices of one partition.
    package let slicesPerPartition: Int
    /// Ways of an L2 set that may be dirty: `l2.dirtyShare` of the ways, rounded down, where 58 % of 50 ways are 29. 0
    /// under write-through.
    package let dirtyWays: Int
    /// HBM bytes per second in pure reading.
    package let hbmReadBytesPerSecond: Double
    /// HBM bytes per second in pure writing.
    package let hbmWriteBytesPerSecond: Double

    /// Derives the values from settings that `validate()` has accepted.
    init(_ settings: MachineSettings) {
        let l2 = settings.l2
        let hbm = settings.hbm
        l2SectorsPerLine = l2.lineBytes / l2.sectorBytes
        l2SectorsPerFetch = l2.fetchBytes / l2.sectorBytes
        l2SetsPerPartition = l2.capacityBytes / l2.partitions / l2.lineBytes / l2.ways
        slicesPerPartition = l2.slices / l2.partitions
        dirtyWays =
            l2.writePolicy == .writeThrough ? 0 : Int((l2.dirtyShare * Double(l2.ways) + 1e-9).rounded(.down))
        hbmReadBytesPerSecond = hbm.bytesPerSecond * hbm.readEfficiency
        hbmWriteBytesPerSecond = hbm.bytesPerSecond * hbm.writeEfficiency
    }
}
