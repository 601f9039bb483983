import Machine
import Testing

@Suite("Presets")
struct PresetTests {
    @Test("Every preset is a possible machine", arguments: MachinePreset.allCases)
    func presetsAreValid(preset: MachinePreset) throws {
        let machine = try MachineDescription(preset: preset)
        #expect(machine.settings.preset == preset)
        #expect(machine.gpcs.dispatchOrder.count == machine.gpu.smCount)
    }

    @Test("The H200 has two partitions of 15360 sets, 48 slices and seven dirty ways")
    func h200Derived() throws {
        let derived = try MachineDescription(preset: .h200).derived
        #expect(derived.l2SetsPerPartition == 15360)
        #expect(derived.slicesPerPartition == 48)
        #expect(derived.dirtyWays == 7)
        #expect(derived.l2SectorsPerLine == 4 && derived.l2SectorsPerFetch == 2)
    }

    @Test("The H100 SXM has two partitions of 12800 sets and 40 slices")
    func h100Derived() throws {
        let derived = try MachineDescription(preset: .h100SXM).derived
        #expect(derived.l2SetsPerPartition == 12800)
        #expect(derived.slicesPerPartition == 40)
    }

    @Test("HBM streams at the measured rates: 4.63 TB/s reading, 4.44 writing, 3.9 copying, within 0.5 %")
    func hbmRates() throws {
        let machine = try MachineDescription(preset: .h200)
        #expect(abs(machine.derived.hbmReadBytesPerSecond / 4.63e12 - 1) < 0.005)
        #expect(abs(machine.derived.hbmWriteBytesPerSecond / 4.44e12 - 1) < 0.005)
        #expect(abs(copyBytesPerSecond(machine) / 3.9e12 - 1) < 0.005)
        let h100 = try MachineDescription(preset: .h100SXM)
        #expect(abs(h100.derived.hbmReadBytesPerSecond / 3.18e12 - 1) < 0.005)
        #expect(abs(copyBytesPerSecond(h100) / 2.90e12 - 1) < 0.005)
    }

    /// Bytes per second, read and written together, when as much is read as written and both always wait.
    private func copyBytesPerSecond(_ machine: MachineDescription) -> Double {
        let turn = machine.hbm.turnaroundNanoseconds * 1e-9
        let turnPerByte = turn / (Double(machine.hbm.directionBurstBytes) * Double(machine.hbm.channels))
        return 1
            / (0.5 / machine.derived.hbmReadBytesPerSecond + 0.5 / machine.derived.hbmWriteBytesPerSecond + turnPerByte)
    }

    @Test("The H200's GPCs have 16 or 18 SMs, and each partition has 66 SMs")
    func gpcs() throws {
        let layout = try MachineDescription(preset: .h200).gpcs
        #expect(layout.smsOfGPC.map(\.count) == [16, 16, 16, 16, 16, 16, 18, 18])
        #expect(layout.gpcOfSM[0] == layout.gpcOfSM[124])
        #expect([0, 8, 10, 12, 124].allSatisfy { layout.partitionOfSM[$0] == 0 })
        #expect([2, 4, 6, 14].allSatisfy { layout.partitionOfSM[$0] == 1 })
        #expect(layout.partitionOfSM.filter { $0 == 0 }.count == 66)
        #expect(layout.dispatchOrder.starts(with: [124, 125, 126, 127, 128, 129, 130, 131, 8, 9, 24]))
    }

    @Test("Consecutive SMs of the order stay in one GPC, but for the split one")
    func orderFollowsGPCs() throws {
        let layout = try MachineDescription(preset: .h200).gpcs
        let changes = zip(layout.dispatchOrder, layout.dispatchOrder.dropFirst())
            .filter { layout.gpcOfSM[$0] != layout.gpcOfSM[$1] }
        #expect(changes.count == 8)
    }

    @Test("Launches with tensor instructions run at their own clock")
    func clocks() throws {
        let machine = try MachineDescription(preset: .h200)
        #expect(machine.clockHertz(usesTensorCores: true) == 1.775e9)
        #expect(machine.clockHertz(usesTensorCores: false) == 1.975e9)
        // A launch whose tensor cores are busy loses of it to the power limit.
        let clocks = [0, 0.25, 0.5, 0.74, 0.92, 1, 2].map { machine.clockHertz(of: 1.775e9, tensorUse: $0) / 1e9 }
        for (found, wanted) in zip(clocks, [1.775, 1.774, 1.762, 1.712, 1.625, 1.566, 1.566]) {
            #expect(abs(found - wanted) < 0.001)
        }
    }

    @Test(
        "What was measured on the H200 is an estimate for the H100; what is cited, or has a source of its own, is not")
    func inheritedSources() throws {
        func source(_ name: String, _ preset: MachinePreset) throws -> FieldSource {
            try #require(MachineField.named(name)).source(for: preset)
        }
        #expect(try source("l2.nearLatency", .h200).kind == .measured)
        #expect(
            try source("l2.nearLatency", .h100SXM).description == "estimated: as on the H200, which has the same die")
        #expect(try source("l2.ways", .h100SXM).kind == .estimated)
        #expect(try source("l2.line", .h100SXM) == source("l2.line", .h200))
        #expect(try source("hbm.bandwidth", .h100SXM).kind == .cited)
        #expect(try source("hbm.bandwidth", .h100SXM) != source("hbm.bandwidth", .h200))
    }

    @Test("The H100 differs from the H200 in what its datasheet says, and in nothing else")
    func differences() {
        let (h200, h100) = (MachinePreset.h200.settings, MachinePreset.h100SXM.settings)
        let different = MachineField.all.filter { $0.access.value(in: h200) != $0.access.value(in: h100) }.map(\.name)
        #expect(
            different == [
                "gpu.name", "l2.capacity", "l2.slices", "l2.fabricBandwidth", "hbm.bandwidth", "hbm.channels",
                "hbm.readEfficiency",
                "hbm.turnaround",
            ])
    }
}
