import Machine
import Trace

@testable import Simulator

/// The constants of a launch of blocks of one warp on `machine`.
func configuration(_ machine: MachineDescription, blocksPerSM: Int = 1) -> EngineConfiguration {
    EngineConfiguration(
        machine: machine, warpsPerBlock: 1, blocksPerSM: blocksPerSM, l1CapacityBytes: 32 << 10, usesTensorCores: false)
}

/// The addresses of one partition's slices and channels.
func addressMap(_ machine: MachineDescription) -> AddressMap {
    AddressMap(
        lineBytes: machine.l2.lineBytes, partitions: machine.l2.partitions, homeChunkBytes: machine.l2.homeChunkBytes,
        slices: machine.derived.slicesPerPartition, channels: machine.hbm.channels / machine.l2.partitions,
        interleaveBytes: machine.hbm.interleaveBytes)
}

func request(line: UInt64, sectors: UInt8 = 0b1111) -> LineRequest {
    LineRequest(line: line, sectors: sectors, wholeSectors: sectors, startsRequest: true)
}
