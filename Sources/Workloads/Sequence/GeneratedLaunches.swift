import Trace

/// Launches that exist already, such as those of generators.
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
