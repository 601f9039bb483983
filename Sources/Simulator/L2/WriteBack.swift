/// Dirty sectors that leave the L2 for memory. They belong to at most two lines: an eviction and a cleaning.
struct WriteBack: BitwiseCopyable {
    private(set) var line: UInt64
    private(set) var sectors: UInt8
    /// The `sectors` whose other bytes must be read first.
    private(set) var torn: UInt8
    private(set) var secondLine: UInt64 = 0
    private(set) var secondSectors: UInt8 = 0
    private(set) var secondTorn: UInt8 = 0

    static let none = WriteBack(line: 0, sectors: 0)

    init(line: UInt64, sectors: UInt8, torn: UInt8 = 0) {
        self.line = line
        self.sectors = sectors
        self.torn = torn
    }

    var isEmpty: Bool { sectors == 0 }

    mutating func add(line newLine: UInt64, sectors newSectors: UInt8, torn newTorn: UInt8 = 0) {
        if sectors == 0 {
            line = newLine
            sectors = newSectors
            torn = newTorn
        } else {
            assert(secondSectors == 0)
            secondLine = newLine
            secondSectors = newSectors
            secondTorn = newTorn
        }
    }
}
