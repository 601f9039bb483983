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
