/// One part of a block of a variant: a block of one of the launches that it is made of, or the fetch of a ticket.
package struct FusedPart: Equatable, Sendable {
    /// What a part's program leaves out.
    package struct Omission: OptionSet, Equatable, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }

        /// Accesses to the intermediate tensors.
        package static let intermediates = Omission(rawValue: 1)
        /// Stores, reductions and atomics to anything else: what another block has stored already.
        package static let results = Omission(rawValue: 2)
        /// Instructions that a product has only in a kernel of its own: addresses, loop control, conversion of what is
        /// stored.
        package static let frame = Omission(rawValue: 4)
        /// Reads of the intermediate's values from shared memory: they are in registers.
        package static let sharedMemory = Omission(rawValue: 8)
    }

    /// The launch, by its place among the variant's.
    package var source: Int
    /// The block of that launch.
    package var block: Int
    /// Which flags are awaited first: a list of the variant's.
    package var awaits: Int?
    /// The flag that is signalled at the end.
    package var signal: Int?
    package var omission: Omission
    /// Whether a ticket is fetched before it.
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

/// Which parts each block of a variant has.
///
/// Schedules are computed from block numbers or hold a few small integers a block, never programs.
package protocol PartSchedule: Sendable {
    /// Blocks of the variant, each with at least one part.
    var blockCount: Int { get }
    /// Whether parts follow from when they are asked for; such a schedule has no order before it runs.
    var isDynamic: Bool { get }
    /// The launch, if any, up to whose first part a block's program comes at once: what the engine takes for its code.
    var firstPartsEndWith: Int? { get }
    /// Whether the parts that come at once are one kernel's code: `BlockProgram.inline`.
    var inlinesFirstParts: Bool { get }
    /// Part `index` of `block`; nil behind its last one. Each is asked for once, in increasing index for a block.
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
