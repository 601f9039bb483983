import Suggestions

extension Meanings {
    /// What people call orders of tiles.
    static let orders = Meanings(whole: [
        "row-major": ["linear"], "default": ["linear"], "heads": ["head-fastest"], "chunks": ["chunk-fastest"],
        "grouped": ["swizzled"], "group-m": ["swizzled"], "swizzle": ["swizzled"], "partition": ["per-partition"],
        "partitioned": ["per-partition"],
    ])
}
