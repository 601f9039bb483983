import Content

/// Why a launch cannot be simulated.
package enum SimulatorError: UserError, Equatable {
    /// L1 and L2 have lines or sectors of different lengths.
    case unequalLines(l1: Int, l2: Int)
    /// The L1 keeps stores dirty.
    case writeBackL1
    /// A block's program uses an operation that this machine model does not have.
    case unsupportedOperation(kernel: String, operation: String)
    /// The L2's tags cannot hold the address.
    case addressTooLarge(kernel: String, tensor: String, address: UInt64, limit: UInt64)
    /// The launch has no blocks, or too many.
    case badGrid(kernel: String, blocks: Int)
    /// Blocks wait for something that never comes.
    case stalled(kernel: String, blocks: Int)
    /// The launch has signals or waits, but no tensor of flags.
    case noFlags(kernel: String)
    /// A flag lies beyond the end of the launch's tensor of flags.
    case flagOutside(kernel: String, flag: UInt32, flags: UInt64)
    /// All resident blocks wait for flags that none of them signals.
    case flagsNeverSignalled(kernel: String, blocks: Int)
    /// All resident blocks wait, some of them for locks that others of them hold.
    case locksNeverGiven(kernel: String, blocks: Int)
    /// A wait wants more signals of a flag than have come and can still come.
    case flagNeverSignalled(kernel: String, flag: UInt32, wanted: Int, signals: Int)
    /// No SM belongs to one of the partitions.
    case emptyPartition(Int)
    /// The state of a part of the machine would not fit the memory that a simulation may use.
    case machineTooLarge(part: String, bytes: Int, limit: Int, fields: String)
    /// The programs of resident blocks together would not fit that memory.
    case programsTooLarge(kernel: String, blocks: Int, bytes: Int, limit: Int)

    package var description: String {
        switch self {
        case .unequalLines(let l1, let l2):
            "L1 has lines or sectors of \(l1) bytes and L2 of \(l2) bytes: give l1.line, l2.line and l1.sector, l2.sector equal values"
        case .writeBackL1:
            "l1.writePolicy is write-back, which the simulator does not model: set it to write-through"
        case .unsupportedOperation(let kernel, let operation):
            "\(kernel): the program contains \(operation), which plain caches do not simulate: give a GPU, such as --machine h200"
        case .addressTooLarge(let kernel, let tensor, let address, let limit):
            "\(kernel): tensor \(tensor) reaches address \(address), beyond the range of \(limit) bytes that this L2 can tell apart: "
                + "keep the trace's tensors closer together, or choose a larger l2.capacity"
        case .badGrid(let kernel, let blocks):
            "\(kernel): \(blocks) thread blocks; a launch has 1 to 2147483647"
        case .stalled(let kernel, let blocks):
            "\(kernel): \(blocks) thread blocks never end: their instructions take forever on this machine; lower sm.pipeExponent "
                + "or the sm.*Instruction cycles"
        case .noFlags(let kernel):
            "\(kernel): blocks signal or wait for each other, but no tensor has element type flag: give the launch a tensor for its flags"
        case .flagOutside(let kernel, let flag, let flags):
            "\(kernel): flag \(flag) of \(flags): enlarge the tensor of flags, 4 bytes each"
        case .flagsNeverSignalled(let kernel, let blocks):
            "\(kernel): all \(blocks) resident thread blocks wait for flags that none of them signals: give blocks that are waited for "
                + "lower numbers than those that wait"
        case .locksNeverGiven(let kernel, let blocks):
            "\(kernel): all \(blocks) resident thread blocks wait, some for locks that blocks which wait too never give back: give every "
                + "lock back in the block that takes it, and take several in one order"
        case .flagNeverSignalled(let kernel, let flag, let wanted, let signals):
            "\(kernel): a thread block waits for \(wanted) signals of flag \(flag), and all blocks together give \(signals): lower the count, "
                + "or let a block signal it"
        case .machineTooLarge(let part, let bytes, let limit, let fields):
            "\(part) would take \(Self.mebibytes(bytes)) of memory, and a simulation may hold \(Self.mebibytes(limit)) of the machine's state: "
                + "lower \(fields)"
        case .programsTooLarge(let kernel, let blocks, let bytes, let limit):
            "\(kernel): the programs of \(blocks) blocks that are resident together take \(Self.mebibytes(bytes)) of memory, and a simulation "
                + "may hold \(Self.mebibytes(limit)): split the blocks' programs, or lower sm.blocks or gpu.smCount so that fewer are resident"
        case .emptyPartition(let partition):
            "no SM belongs to L2 partition \(partition): give every partition a GPC (gpcs.partitions)"
        }
    }

    private static func mebibytes(_ bytes: Int) -> String { "\((bytes + (1 << 20) - 1) >> 20) MiB" }
}
