/// The version of Weir, in one place.
package enum Version {
    /// The version of Weir's predictions. Every change of generators, costs or the simulator that changes a result must
    /// raise it. `weir --version` prints it. Keys of sweeps cover it, so that results of two versions never count as
    /// one point.
    package static let current = "0.12.0"
}
