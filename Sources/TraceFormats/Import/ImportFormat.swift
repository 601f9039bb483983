/// The foreign traces that `weir import` reads.
package enum ImportFormat: String, CaseIterable, Sendable {
    /// Accel-Sim's `.traceg` and `kernelslist.g`.
    case accelSim = "accel-sim"
    /// The output of NVBit's `mem_trace` tool.
    case nvbit
    /// Dinero's `.din`, traditional and extended.
    case din
    /// The output of valgrind's lackey with `--trace-mem=yes`.
    case lackey
    /// Ramulator's and Ramulator 2's traces.
    case ramulator
}
