import Machine
import Studies
import Testing

@Suite("Absurd numbers in ranges")
struct HostileRangeTests {
    @Test(
        "Ranges of a sweep",
        arguments: [
            (
                "batch=1..9223372036854775807:3",
                "its end 9223372036854775807 is beyond 9007199254740992; give a smaller one"
            ),
            (
                "tiling.ch_scan_fwd.M=16..4611686018427387904:3x",
                "its end 4611686018427387904 is beyond 9007199254740992; give a smaller one"
            ),
            (
                "batch=1..18446744073709551616:3",
                "'18446744073709551616' is no value of it; give a whole number of at least 1"
            ),
            ("l2.capacity=1B..1e30GiB:5", "l2.capacity cannot be '1e30GiB': it must be 1B to 1024GiB"),
            ("hbm.bandwidth=1TB/s..1e300TB/s:4", "hbm.bandwidth cannot be '1e300TB/s': it is too large for any number"),
            ("l2.ways=1..64:99999999999999999999", "'99999999999999999999' is no number of values from 2 to 1000000;"),
            ("l2.ways=1..64:0", "'0' is no number of values from 2 to 1000000;"),
            ("l2.dirtyShare=nan..1:3", "it is no finite number"), ("l2.ways=..:2", "l2.ways cannot be '': it is empty"),
        ])
    func ranges(vary: String, part: String) throws {
        let error = try #require(throws: (any Error).self) {
            try SweepAxis(vary, fields: AnyField.gpu, machine: try AnyMachine(named: "h200"))
        }
        #expect("\(error)".contains(part), "\(error)")
    }

    @Test("Axes whose product overflows are too many points")
    func tooMany() throws {
        let axes = try ["batch", "heads", "groups", "dim"].map {
            try SweepAxis("\($0)=1..1000000:65536", fields: [], machine: nil)
        }
        #expect(throws: SweepError.tooManyPoints(limit: SweepPlan.limit)) { try SweepPlan(axes: axes) }
        let many = "batch=1..5:400000," + Array(repeating: "1..5:800000", count: 100).joined(separator: ",")
        #expect(throws: SweepError.tooManyPoints(limit: SweepPlan.limit)) {
            try SweepAxis(many, fields: [], machine: nil)
        }
    }
}
