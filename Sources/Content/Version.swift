/// What Weir is called by number, in one place.
package enum Version {
    /// The version of what Weir predicts: to be raised by every change of generators, costs or the simulator that
    /// changes a result. `weir --version` prints it, and keys of sweeps cover it, so that results of two versions never
    /// count as one point.
    package static let current = "0.7.0"
}
