import Trace

/// Launches one after another, from a generator, files or a pipe. Only the current one need exist.
package protocol LaunchSequence {
    /// Launches in all; nil where that is not known before the end, as on a pipe.
    var launchCount: Int? { get }
    /// Where the launch given last came from, for errors: a file's name, or nil for generated launches.
    var place: String? { get }
    /// The next launch, or nil after the last.
    mutating func next() throws -> (any BlockProgramSource)?
}

/// Launches that are at hand, such as those of generators.
package struct GeneratedLaunches: LaunchSequence {
    private let sources: [any BlockProgramSource]
    private var position = 0

    package init(_ sources: [any BlockProgramSource]) {
        self.sources = sources
    }

    package var launchCount: Int? { sources.count }
    package var place: String? { nil }

    package mutating func next() -> (any BlockProgramSource)? {
        guard position < sources.count else { return nil }
        position += 1
        return sources[position - 1]
    }
}
