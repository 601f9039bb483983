import Trace

/// The word in memory from which persistent blocks take the number of their next tile.
package struct TileCounter: Sendable {
    /// The counter's number among the launch's tensors.
    private let tensor: Int
    private let address: UInt64

    package init(tensor: Int, address: UInt64) {
        self.tensor = tensor
        self.address = address
    }

    /// Takes a number. Nothing of the program waits for the answer but what waits for all loads.
    package func take(in program: inout BlockProgram) {
        program.laneAddresses.append(address)
        program.operations.append(
            .lanes(
                LaneAccess(
                    kind: .atomic, tensor: tensor, laneBytes: 4, firstLane: program.laneAddresses.count - 1,
                    laneCount: 1)))
    }
}
