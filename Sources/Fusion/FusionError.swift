import Content
import Suggestions

/// An error in a variant of launches. Each prints as one line: the place, the cause, the cure.
package enum FusionError: UserError, Equatable, Sendable {
    /// No order has this name.
    case unknownOrder(name: String)
    /// The order needs an axis that the kernel's grid does not have, or whose meaning is not known.
    case noSuchAxis(order: String, kernel: String, isKnown: Bool)
    /// A grid has fewer than two axes of more than one block.
    case tooFewAxes(kernel: String)
    /// The launches have more tensors together than a launch can have.
    case tooManyTensors(count: Int)
    /// No addresses are left behind the launches' tensors for words that the variant needs.
    case noAddresses(tensor: String, bytes: Int)
    /// The variant's order follows from a run and cannot be written.
    case noOrder(kernel: String)
    /// A variant needs another number of launches than it got.
    case launchCount(variant: String, needed: Int, found: Int)
    /// The one launch reads nothing that the other writes.
    case noIntermediate(producer: String, consumer: String)
    /// The consumer writes what the producer reads.
    case overwritten(producer: String, consumer: String, block: Int, address: UInt64)
    /// The consumer also reads a tensor of the producer where the producer does not write it.
    case mixedTensor(tensor: String, producer: String, consumer: String, address: UInt64)
    /// The launches touch more memory than the account of sectors holds.
    case footprintLimit(pages: Int)
    /// A launch's own operations signal or await flags already.
    case hasFlags(kernel: String)
    /// A block of the variant fits no SM.
    case doesNotFit(kernel: String, registers: Int, threads: Int, sharedBytes: Int, keptBytes: Int, reason: String)

    package var description: String {
        switch self {
        case .unknownOrder(let name):
            "--order \(name): no order is called so; "
                + (Suggestion(for: name, among: TileOrder.names, meanings: .orders).nearest().map { $0 + "; " } ?? "")
                + "give \(TileOrder.names.joined(separator: ", ")), or the three axes, fastest "
                + "first, such as zyx"
        case .noSuchAxis(let order, let kernel, true):
            "--order \(order): the grid of \(kernel) has no such axis; give the three axes, fastest first, such as zyx"
        case .noSuchAxis(let order, let kernel, false):
            "--order \(order): what the grid's axes mean is not known of \(kernel); give the three axes, fastest first, "
                + "such as zyx"
        case .tooFewAxes(let kernel):
            "--order swizzled: the grid of \(kernel) has fewer than two axes of more than one block; give another order"
        case .tooManyTensors(let count):
            "the launches have \(count) tensors together, more than a launch can have; fuse launches with fewer"
        case .noAddresses(let tensor, let bytes):
            "no addresses are left behind the launches' tensors for the variant's \(tensor), \(bytes) bytes; write traces with "
                + "tensors at lower addresses"
        case .noOrder(let kernel):
            "\(kernel): with tickets the order of tiles follows from the run, so there is no trace of it; "
                + "give --assignment strided, contiguous or rotated"
        case .launchCount(let variant, let needed, let found):
            "--variant \(variant): takes \(needed == 1 ? "one launch" : "two launches, producer and consumer"), but \(found) "
                + "were given; "
                + (needed == 1
                    ? "name one kernel or a trace of one launch" : "name two kernels, or traces of two launches")
        case .noIntermediate(let producer, let consumer):
            "\(consumer) reads nothing that \(producer) writes; give the producer first, or launches that pass a tensor on"
        case .overwritten(let producer, let consumer, let block, let address):
            "block \(block) of \(consumer) writes address \(address), which \(producer) reads: in one launch it could come too "
                + "early; fuse launches that leave each other's inputs alone"
        case .mixedTensor(let tensor, let producer, let consumer, let address):
            "\(consumer) reads tensor \(tensor) also where \(producer) does not write it (address \(address)), so it cannot "
                + "be left out; give --variant ordered"
        case .footprintLimit(let pages):
            "the launches touch more than \(pages) pages of 8 KiB, too many to follow each sector; fuse smaller launches"
        case .hasFlags(let kernel):
            "\(kernel): its blocks signal or await flags already; fuse launches without flags"
        case .doesNotFit(let kernel, let registers, let threads, let sharedBytes, let keptBytes, let reason):
            "\(kernel): a block of \(threads) threads with \(registers) registers each and \(sharedBytes) bytes of shared memory"
                + (keptBytes > 0 ? ", \(keptBytes) of them for what it keeps of the intermediate," : "")
                + " does not fit an SM (\(reason)); give smaller tilings, --variant-tiling, --kept-bytes, --shared-memory or "
                + "--registers"
        }
    }

    package var isUsage: Bool {
        switch self {
        case .unknownOrder, .noSuchAxis, .tooFewAxes, .noOrder, .launchCount: true
        default: false
        }
    }
}
