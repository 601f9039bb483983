import ArgumentParser
import Foundation
import Fusion
import Machine

/// The variants by their names on the command line.
package enum VariantName: String, CaseIterable, ExpressibleByArgument, Sendable {
    case reordered, persistent, ordered, recompute, keep
    case fused = "ssd_fused"
}

extension TileAssignment: ExpressibleByArgument {}

/// The options that choose a variant of launches.
package struct FuseOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Of one launch: reordered or persistent. Of producer and consumer: ordered, recompute or keep. Of ssd-forward: "
                + "ssd_fused, the five kernels as the public fused kernel does them.",
            valueName: "name"))
    package var variant: VariantName

    @Option(
        help: ArgumentHelp(
            "Order of tiles: linear, head-fastest, chunk-fastest, swizzled, per-partition, or the grid's axes, fastest first, "
                + "such as zyx.",
            valueName: "order"))
    package var order: String?
    @Option(help: "Rows of a group of --order swizzled, as Triton's GROUP_M. (default: 8)") package var groupRows: Int?
    @Option(help: "Blocks of --variant persistent for each SM.") package var blocksPerSM: Int?
    @Option(help: "Tiles of a persistent block: strided, contiguous, rotated or ticket. (default: strided)")
    package var assignment: TileAssignment?
    @Option(help: "Registers of the variant's threads, instead of the launches' most.") package var registers: Int?
    @Option(
        help: ArgumentHelp(
            "Shared memory of the variant's blocks, instead of the launches' most and what is kept.", valueName: "bytes"
        ))
    package var sharedMemory: Int?
    @Option(
        help: ArgumentHelp(
            "What a block of --variant recompute or keep holds of the intermediate, instead of the most that one reads or keeps.",
            valueName: "bytes"))
    package var keptBytes: Int?
    @Option(
        help: ArgumentHelp(
            "Producers that --variant ordered issues between a consumer's last one and the consumer, instead of one wave of "
                + "resident blocks.",
            valueName: "blocks"))
    package var lag: Int?

    package init() {}

    package func validate() throws {
        if variant == .reordered, order == nil {
            throw ValidationError(
                "--variant reordered: give --order with one of \(TileOrder.names.joined(separator: ", "))")
        }
        if variant == .persistent, blocksPerSM == nil {
            throw ValidationError("--variant persistent: give --blocks-per-sm, such as 4")
        }
        let options = [
            ("--blocks-per-sm", blocksPerSM != nil, [VariantName.persistent]),
            ("--assignment", assignment != nil, [.persistent]),
            ("--order", order != nil, [.reordered, .persistent]), ("--lag", lag != nil, [.ordered]),
            ("--kept-bytes", keptBytes != nil, [.recompute, .keep]),
            ("--registers", registers != nil, VariantName.allCases.filter { $0 != .fused }),
            ("--shared-memory", sharedMemory != nil, VariantName.allCases.filter { $0 != .fused }),
        ]
        for (option, isGiven, variants) in options where isGiven && !variants.contains(variant) {
            throw ValidationError("\(option): changes nothing in --variant \(variant.rawValue); leave it out")
        }
        guard groupRows == nil || order == "swizzled" else {
            throw ValidationError("--group-rows: belongs to --order swizzled; leave it out")
        }
        for (option, value, range) in [
            ("--blocks-per-sm", blocksPerSM, 1...64), ("--group-rows", groupRows, 1...1 << 20),
            ("--registers", registers, 1...1024),
            ("--shared-memory", sharedMemory, 0...1 << 30), ("--kept-bytes", keptBytes, 0...1 << 30),
            ("--lag", lag, 0...1 << 30),
        ] {
            if let value, !range.contains(value) {
                throw ValidationError("\(option) \(value): give \(range.lowerBound) to \(range.upperBound)")
            }
        }
        _ = try tileOrder
    }

    private var tileOrder: TileOrder {
        get throws(FusionError) { try TileOrder(named: order ?? "linear", rows: groupRows ?? 8) }
    }

    /// The variant that the options describe; nil for a variant with a generator of its own.
    package var fusionVariant: FusionVariant? {
        get throws(FusionError) {
            switch variant {
            case .reordered: .reordered(try tileOrder)
            case .persistent: .persistent(blocksPerSM: blocksPerSM ?? 1, assignment ?? .strided, try tileOrder)
            case .ordered: .ordered(lag: lag)
            case .recompute: .recompute
            case .keep: .keep
            case .fused: nil
            }
        }
    }

    package var resources: FusionResources {
        FusionResources(registers: registers, sharedMemoryBytes: sharedMemory, keptBytes: keptBytes)
    }
}
