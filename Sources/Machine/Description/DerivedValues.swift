/// Numbers that follow from the settings, computed once when a machine is made.
package struct DerivedValues: Equatable, Sendable {
    /// Sectors of an L1 line, 1...8.
    package let l1SectorsPerLine: Int
    /// Sectors of an L2 line, 1...8.
    package let l2SectorsPerLine: Int
    /// L2 sectors of one HBM fetch: at least 1, at most those of a line.
    package let l2SectorsPerFetch: Int
    /// L2 sets of one partition.
    package let l2SetsPerPartition: Int
    /// L2 lines of one partition.
    package let l2LinesPerPartition: Int
    /// Bytes of one L2 partition.
    package let l2PartitionBytes: Int
    /// L2 slices of one partition.
    package let slicesPerPartition: Int
    /// Ways of an L2 set that may be dirty: `l2.dirty-share` of the ways, rounded down; 0 under write-through.
    package let dirtyWays: Int
    /// HBM bytes per second in pure reading.
    package let hbmReadBytesPerSecond: Double
    /// HBM bytes per second in pure writing.
    package let hbmWriteBytesPerSecond: Double
    /// HBM bytes per second, read and written together, while as much is read as written and both always wait.
    package let hbmCopyBytesPerSecond: Double

    /// Derives the values from settings that `validate()` has accepted.
    init(_ settings: MachineSettings) {
        let l2 = settings.l2
        let hbm = settings.hbm
        l1SectorsPerLine = settings.l1.lineBytes / settings.l1.sectorBytes
        l2SectorsPerLine = l2.lineBytes / l2.sectorBytes
        l2SectorsPerFetch = l2.fetchBytes / l2.sectorBytes
        l2PartitionBytes = l2.capacityBytes / l2.partitions
        l2LinesPerPartition = l2PartitionBytes / l2.lineBytes
        l2SetsPerPartition = l2LinesPerPartition / l2.ways
        slicesPerPartition = l2.slices / l2.partitions
        dirtyWays = l2.dirtyWays
        hbmReadBytesPerSecond = hbm.bytesPerSecond * hbm.readEfficiency
        hbmWriteBytesPerSecond = hbm.bytesPerSecond * hbm.writeEfficiency
        let turnaroundSecondsPerByte =
            hbm.turnaroundNanoseconds * 1e-9 / (Double(hbm.directionBurstBytes) * Double(hbm.channels))
        hbmCopyBytesPerSecond =
            1 / (0.5 / hbmReadBytesPerSecond + 0.5 / hbmWriteBytesPerSecond + turnaroundSecondsPerByte)
    }
}
