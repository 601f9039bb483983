/// The foreign traces that `weir export` writes.
package enum ExportFormat: String, CaseIterable, Sendable {
    /// A directory with `kernelslist.g` and a `.traceg` for each launch.
    case accelSim = "accel-sim"
    /// Dinero's traditional `.din`.
    case din
    /// Ramulator's load/store trace.
    case ramulator
}
