import Machine
import Suggestions
import Testing

@Suite("Options")
struct OverrideTests {
    private func settings(_ options: String...) throws -> MachineSettings {
        try MachineOverrides(options: options).applied(to: MachineSettings.h200)
    }

    private func message(_ options: String...) -> String {
        do { return "no error: \(try MachineDescription(named: "h200", options: options).gpu.name)" } catch {
            return "\(error)"
        }
    }

    @Test("Values may carry any unit of their kind")
    func units() throws {
        #expect(try settings("l2.capacity=25MiB").l2.capacityBytes == 26_214_400)
        #expect(try settings("l2.capacity=40KB").l2.capacityBytes == 40_000)
        #expect(try settings("l2.capacity=62914560").l2.capacityBytes == 62_914_560)
        #expect(try settings("l2.capacity = 1.5 MiB").l2.capacityBytes == 1_572_864)
        #expect(try settings("hbm.bandwidth=3.35TB/s").hbm.bytesPerSecond == 3.35e12)
        #expect(try settings("hbm.bandwidth=3350GB/s").hbm.bytesPerSecond == 3.35e12)
        #expect(try settings("gpu.clock=1.98GHz").gpu.clockHertz == 1.98e9)
        #expect(try settings("gpu.clock=1980MHz").gpu.clockHertz == 1.98e9)
        #expect(try settings("l2.nearLatency=261cycles").l2.nearLatencyCycles == 261)
        #expect(try settings("l2.nearLatency=261").l2.nearLatencyCycles == 261)
        #expect(try settings("launch.overhead=1.5us").launch.overheadNanoseconds == 1500)
        #expect(try settings("l2.dirtyShare=7/16").l2.dirtyShare == 0.4375)
        #expect(try settings("l2.dirtyShare=43.75%").l2.dirtyShare == 0.4375)
        #expect(try settings("l2.copiesFarReads=false").l2.copiesFarReads == false)
        #expect(try settings("l2.replacement=fifo").l2.replacement == .fifo)
        #expect(try settings("l2.sliceBandwidth=32B/clk").l2.sliceBytesPerCycle == 32)
        #expect(try settings("gpcs.partitions=[0, 1, 0, 1, 0, 1, 0, 1]").gpcs.partitions == [0, 1, 0, 1, 0, 1, 0, 1])
        #expect(try settings("sm.carveOuts=[0, 64KiB]").sm.carveOutBytes == [0, 65536])
    }

    @Test("An unknown name is answered with the nearest ones")
    func nearest() {
        #expect(
            message("l2.capacty=25MiB").hasPrefix(
                "--set l2.capacty=25MiB: no field is called 'l2.capacty'; nearest is 'l2.capacity'"))
        #expect(message("hbm.bandwith=1TB/s").contains("nearest is 'hbm.bandwidth'"))
        #expect(message("capacity=1MiB").contains("nearest are 'l2.capacity'"))
        #expect(message("L2.Ways=8").contains("nearest is 'l2.ways'"))
    }

    @Test("Each wrong value gives one line with place, cause and cure")
    func wrongValues() {
        #expect(
            message("l2.capacity=25Mb")
                == "--set l2.capacity=25Mb: l2.capacity cannot be '25Mb': 'Mb' is none of its units (GiB, MiB, KiB, B, GB, MB, KB, kB); write bytes such as 25MiB, 40KB or 4096B"
        )
        #expect(
            message("gpu.clock=1.98")
                == "--set gpu.clock=1.98: gpu.clock cannot be '1.98': the unit is missing (GHz, MHz, kHz, Hz); write 1.98GHz"
        )
        #expect(
            message("l2.ways=0") == "--set l2.ways=0: l2.ways cannot be '0': it must be 1 to 64")
        #expect(message("l2.ways=65").hasSuffix("it must be 1 to 64"))
        #expect(message("l2.capacity=-1MiB").contains("it must be 1B to 1024GiB"))
        #expect(message("l2.dirtyShare=NaN").contains("it is no finite number"))
        #expect(message("hbm.bandwidth=inf").contains("it is no finite number"))
        #expect(message("hbm.bandwidth=1e999TB/s").contains("too large"))
        #expect(message("l2.ways=1.5").contains("it is no whole number of things"))
        #expect(message("l2.capacity=0.3B").contains("it must be"))
        #expect(message("l2.capacity=1.3B").contains("it is no whole number of B"))
        #expect(message("l2.ways=sixteen").contains("it does not start with a number"))
        #expect(message("l2.ways=").contains("it is empty"))
        #expect(message("l2.ways=0x10").contains("'x10' follows the number, which has no unit"))
        #expect(message("l2.copiesFarReads=yes").contains("it is neither true nor false; write true or false"))
        #expect(message("l2.replacement=lfu").contains("it is none of its names; write lru"))
        #expect(message("gpu.smCount=0").contains("it must be 1 to 4096"))
        #expect(message("sm.blocks=0").contains("it must be 1 to 4096"))
        #expect(message("l2.partitions=3").contains("it must be 1 to 2"))
        #expect(message("gpcs.members=[[0, 1], 2]").contains("it is no list"))
        #expect(message("gpcs.partitions=[0, 1").hasPrefix("--set gpcs.partitions=[0, 1: "))
        #expect(message("gpcs.partitions=0").contains("it is no list; write a list such as [0, 1, 2]"))
        #expect(message("l2.capacity").contains("there is no '='; write name=value"))
        #expect(message("l2.dirtyShare=1/0").contains("it divides by zero"))
        #expect(
            message("l2.ways=8", "l2.ways=16")
                == "--set l2.ways=16: l2.ways was already set at --set l2.ways=8; keep one of the two")
        #expect(!message("gpu.name=a\nb").contains("no error"))
    }

    @Test("A machine that cannot exist is refused in one line with its cure")
    func impossible() {
        #expect(
            message("l2.capacity=25000000")
                == "l2.capacity: 25000000B is no multiple of 2 partitions x 16 ways x 128B; use 24412KiB or 24416KiB")
        #expect(message("l2.slices=95").contains("95 slices do not divide into 2 partitions"))
        #expect(message("l2.fetch=48").contains("l2.fetch: 48B is no whole number of 32B sectors"))
        #expect(message("l2.homeChunk=100").contains("two homes"))
        #expect(message("hbm.interleave=100").contains("two channels"))
        #expect(message("l2.farLatency=100").contains("l2.farLatency"))
        #expect(message("l2.line=64").contains("set l1.line = l2.line"))
        #expect(message("l1.sector=8").contains("1 to 8 sectors"))
        #expect(message("sm.sharedPerBlock=240KiB").contains("exceed the largest carve-out"))
        #expect(message("sm.unifiedCapacity=128KiB").contains("sm.carveOuts"))
        #expect(message("sm.carveOuts=[8KiB, 0B, 228KiB]").contains("do not ascend"))
        #expect(message("sm.carveOuts=[]").contains("the list is empty"))
        #expect(message("sm.threads=512").contains("sm.threadsPerBlock"))
        #expect(
            message("l1.ways=64", "l1.line=1KiB", "l1.sector=128", "l2.line=1KiB", "l2.sector=128").contains("l1.ways"))
        #expect(message("l1.reserve=29KiB").contains("l1.reserve: 29KiB exceed the 28KiB of L1"))
        #expect(message("l1.reserve=28KiB").contains("l1.ways: 4 ways of 128B exceed the 0B of L1"))
        #expect(message("l1.tags=511B").contains("l1.tags: 511B is less than a set of 4 ways of 128B"))
        #expect(message("l1.tags=512B").contains("no error"))
        #expect(message("gpcs.members=[[0, 1]]").contains("gpcs.members: SM 2 is missing"))
        #expect(message("gpcs.members=[[0, 0]]").contains("named twice"))
        #expect(message("gpcs.dispatchOrder=[200]").contains("SM 200 does not exist, the last is 131"))
        let order = (0..<131).map(String.init).joined(separator: ", ")
        #expect(message("gpcs.dispatchOrder=[\(order), 132]").contains("SM 132 does not exist, the last is 131"))
        #expect(
            message("l2.farLatency=254").contains("l2.farLatency: 254 cycles are less than l2.nearLatency = 255 cycles")
        )
        #expect(message("hbm.farLatency=521").contains("hbm.farLatency: 521 cycles are less"))
        #expect(message("l2.farLatency=255").contains("no error"))
        #expect(message("l2.farLatency=689").contains("HBM would answer sooner (522 near, 688 far)"))
        #expect(message("l2.farLatency=688").contains("no error"))
        #expect(message("gpcs.partitions=[0, 1]").contains("2 entries for gpcs.count = 8"))
        #expect(message("gpcs.count=200").contains("200 GPCs for 132 SMs"))
    }

    @Test("Values that code wrote are held to the same ranges")
    func validationChecksRanges() {
        var settings = MachineSettings.h200
        settings.hbm.bytesPerSecond = .nan
        #expect(throws: MachineError.self) { try MachineDescription(settings) }
        settings = .h200
        settings.gpu.smCount = 0
        #expect(throws: MachineError.self) { try MachineDescription(settings) }
    }

    @Test("No power of two is needed anywhere")
    func oddGeometry() throws {
        let machine = try MachineDescription(
            named: "h200",
            options: [
                "l1.line=96", "l1.sector=32", "l2.line=96", "l2.sector=32", "l2.fetch=32", "l2.ways=7",
                "l2.capacity=4032000",
                "l2.slices=6", "l2.homeChunk=9600", "hbm.interleave=960", "hbm.channels=5", "gpu.smCount=13",
                "gpcs.count=3",
                "l1.ways=5",
            ])
        #expect(machine.derived.l2SetsPerPartition == 3000)
        #expect(machine.derived.l2SectorsPerLine == 3)
        #expect(machine.derived.dirtyWays == 3)
        #expect(machine.gpcs.smsOfGPC.map(\.count) == [4, 4, 5])
        #expect(machine.gpcs.partitionOfGPC == [0, 0, 1])
        #expect(machine.gpcs.dispatchOrder == Array(0..<13))
    }

    @Test("Another number of SMs, of GPCs or of partitions gives a generic layout")
    func genericLayout() throws {
        let small = try MachineDescription(named: "h200", options: ["gpu.smCount=1"])
        #expect(small.gpcs.smsOfGPC == [[0]])
        let half = try MachineDescription(named: "h200", options: ["gpu.smCount=64"])
        #expect(half.gpcs.smsOfGPC.map(\.count) == Array(repeating: 8, count: 8))
        #expect(half.gpcs.partitionOfGPC == [0, 0, 0, 0, 1, 1, 1, 1])
        let single = try MachineDescription(named: "h200", options: ["l2.partitions=1"])
        #expect(single.gpcs.partitionOfSM.allSatisfy { $0 == 0 })
        #expect(single.gpcs.dispatchOrder == MachineSettings.h200.gpcs.dispatchOrder)
        let same = try MachineDescription(named: "h200", options: ["gpu.smCount=132"])
        #expect(same == (try MachineDescription(preset: .h200)))
        let given = try MachineDescription(named: "h200", options: ["gpu.smCount=4", "gpcs.members=[[0, 2], [1, 3]]"])
        #expect(given.gpcs.gpcOfSM == [0, 1, 0, 1])
        #expect(given.gpcs.dispatchOrder == [0, 2, 1, 3])
        // What is given itself stays.
        let ordered = try MachineDescription(
            named: "h200",
            options: [
                "gpu.smCount=4", "gpcs.members=[[0, 2], [1, 3]]", "gpcs.dispatchOrder=[3, 0, 2, 1]",
                "gpcs.partitions=[1, 0]",
            ])
        #expect(ordered.gpcs.dispatchOrder == [3, 0, 2, 1])
        #expect(ordered.gpcs.partitionOfGPC == [1, 0])
        let zeros = try MachineDescription(
            named: "h200", options: ["l2.partitions=1", "gpcs.partitions=[0, 0, 0, 0, 0, 0, 0, 0]"])
        #expect(zeros.settings.gpcs.partitions == Array(repeating: 0, count: 8))
    }

    @Test("All names are ranked by edits, their own order breaking ties")
    func ranked() {
        #expect(Suggestion.ranked(["alpha", "beta", "gamma"], for: "gama") == ["gamma", "beta", "alpha"])
        #expect(Suggestion.ranked(["b", "a"], for: "c") == ["b", "a"])
    }
}
