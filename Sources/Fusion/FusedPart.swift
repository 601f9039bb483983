/// One part of a block of a variant: a block of one of the variant's launches, or the fetch of a ticket.
package struct FusedPart: Equatable, Sendable {
    /// The operations that a part's program leaves out.
    package struct Omission: OptionSet, Equatable, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }

        /// Accesses to the intermediate tensors.
        package static let intermediates = Omission(rawValue: 1)
        /// Stores, reductions and atomics to anything else. Another block has stored these results already.
        package static let results = Omission(rawValue: 2)
        /// Instructions that a product needs only in a kernel of its own: addresses, loop control, conversion of stored
        /// values.
        package static let frame = Omission(rawValue: 4)
        /// Reads of the intermediate's values from shared memory. The values are in registers.
        package static let sharedMemory = Omission(rawValue: 8)
    }

    /// The launch, by its index among the variant's launches.
    package var source: Int
    /// The block of that launch.
    package var block: Int
    /// The flags that the part awaits first, as the index of one of the variant's lists.
    package var awaits: Int?
    /// The flag that the part signals at its end.
    package var signal: Int?
    package var omission: Omission
    /// Whether the block fetches a ticket before the part.
    package var fetchesTicket = false

    package init(source: Int, block: Int, awaits: Int? = nil, signal: Int? = nil, omission: Omission = []) {
        self.source = source
        self.block = block
        self.awaits = awaits
        self.signal = signal
        self.omission = omission
    }

    /// An atomic addition to the ticket's word, and the wait for its result.
    package static let ticket = FusedPart(source: -1, block: 0)
    package var isTicket: Bool { source < 0 }
}

/// The parts of each block of a variant.
///
/// A schedule is computed from block numbers or holds a few small integers per block. It never holds programs.
package protocol PartSchedule: Sendable {
    /// Blocks of the variant, each with at least one part.
    var blockCount: Int { get }
    /// Whether the parts depend on when they are asked for. Such a schedule has no order before it runs.
    var isDynamic: Bool { get }
    /// The launch up to whose first part a block's program comes at once, if there is one. The engine takes that
    /// program for the block's code.
    var firstPartsEndWith: Int? { get }
    /// Whether the parts that come at once are one kernel's code, as `BlockProgram.inline` makes it.
    var inlinesFirstParts: Bool { get }
    /// Part `index` of `block`; nil after its last one. The caller asks for each part once, with increasing indices in
    /// each block.
    mutating func part(_ index: Int, ofBlock block: Int) -> FusedPart?
}

extension PartSchedule {
    package var isDynamic: Bool { false }
    package var firstPartsEndWith: Int? { nil }
    package var inlinesFirstParts: Bool { false }
}

/// The blocks of one launch in another order.
struct ReorderedSchedule: PartSchedule {
    let tiles: TileSequence

    var blockCount: Int { tiles.count }

    func part(_ index: Int, ofBlock block: Int) -> FusedPart? {
        index == 0 ? FusedPart(source: 0, block: tiles.tile(at: block)) : nil
    }
}
