import Analysis
import Trace

/// A tensor that one block leaves to another, of the same launch or of a later one.
package struct Intermediate: Equatable, Sendable {
    package let name: String
    package let addresses: Range<UInt64>
    /// Bytes of the stored sectors that are also read; nil if they were not counted.
    package let passedBytes: UInt64?

    package init(name: String, addresses: Range<UInt64>, passedBytes: UInt64? = nil) {
        self.name = name
        self.addresses = addresses
        self.passedBytes = passedBytes
    }
}

/// The launches of one side of a comparison, and the tensors that their blocks leave to others.
package struct FusionLaunches {
    package let sources: [any BlockProgramSource]
    package let intermediates: [Intermediate]
    /// Bytes that the intermediates hold, or would hold if a launch stored them.
    package let storedBytes: UInt64

    package init(_ sources: [any BlockProgramSource], intermediates: [Intermediate] = [], storedBytes: UInt64 = 0) {
        self.sources = sources
        self.intermediates = intermediates
        self.storedBytes = storedBytes
    }

    /// Makes a side of any launches one after another. An intermediate is a tensor that one launch stores and that it
    /// or a later launch loads. All bytes of such a tensor count. Flags are no intermediates. Every program is read
    /// once.
    /// - Throws: errors of the sources.
    package init(inOrder sources: [any BlockProgramSource]) throws {
        var stored: [Tensor] = []
        var passed: [Tensor] = []
        for source in sources {
            let launch = source.launch
            let summary = try LaunchSummary(source)
            let tensors = launch.tensors.indices.filter { launch.tensors[$0].elementType != Tensor.flagType }
            for index in tensors where summary.tensors[index].writeSectors > 0 { stored.append(launch.tensors[index]) }
            for index in tensors where summary.tensors[index].readSectors > 0 {
                let tensor = launch.tensors[index]
                let isKnown = passed.contains { $0.baseAddress == tensor.baseAddress }
                if !isKnown, stored.contains(where: { $0.baseAddress == tensor.baseAddress }) { passed.append(tensor) }
            }
        }
        self.init(
            sources,
            intermediates: passed.map {
                Intermediate(name: $0.name, addresses: $0.baseAddress..<($0.baseAddress + $0.byteCount))
            },
            storedBytes: passed.reduce(0) { $0 + $1.byteCount })
    }
}
