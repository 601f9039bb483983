import Trace

/// Launches one after another, from a generator, files or a pipe. Only the current launch has to exist.
package protocol LaunchSequence {
    /// The number of launches; nil if it is unknown before the end, as on a pipe.
    var launchCount: Int? { get }
    /// The origin of the last launch, for errors: a file's name, or nil for generated launches.
    var place: String? { get }
    /// The next launch, or nil after the last.
    mutating func next() throws -> (any BlockProgramSource)?
}
