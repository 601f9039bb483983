import Machine
import Testing

/// Every unit that a value may carry, with what it stands for.
@Suite struct UnitTests {
    /// Unit, a real-valued field of it, and base units of each suffix.
    private static let suffixes: [(unit: FieldUnit, field: String, values: [(suffix: String, factor: Double)])] = [
        (
            .bytes, "l1.fillBandwidth",
            [
                ("B", 1), ("KiB", 1024), ("MiB", 1_048_576), ("GiB", 1_073_741_824), ("KB", 1000), ("kB", 1000),
                ("MB", 1_000_000),
                ("GB", 1_000_000_000),
            ]
        ),
        (
            .bytesPerSecond, "hbm.bandwidth",
            [
                ("B/s", 1), ("KB/s", 1000), ("MB/s", 1_000_000), ("GB/s", 1_000_000_000), ("TB/s", 1_000_000_000_000),
                ("MiB/s", 1_048_576), ("GiB/s", 1_073_741_824), ("TiB/s", 1_099_511_627_776),
            ]
        ),
        (.hertz, "gpu.clock", [("Hz", 1), ("kHz", 1000), ("MHz", 1_000_000), ("GHz", 1_000_000_000)]),
        (.cycles, "launch.turnaround", [("cycles", 1), ("cycle", 1), ("clk", 1)]),
        (
            .nanoseconds, "launch.overhead",
            [("ns", 1), ("us", 1000), ("µs", 1000), ("ms", 1_000_000), ("s", 1_000_000_000)]
        ),
        (.bytesPerCycle, "l2.fabricBandwidth", [("B/cycle", 1), ("B/clk", 1)]),
        (.share, "l2.dirtyShare", [("%", 0.01)]),
    ]

    /// `text` as the value of a field of GPUs, in base units.
    private func number(_ field: String, _ text: String) throws -> Double? {
        try #require(AnyField.gpu.first { $0.name == field }).number(of: text)
    }

    @Test func `Each suffix multiplies by what its prefix means: ten to a power, or with an i two to a power`() throws {
        for (unit, field, values) in Self.suffixes where unit != .bytes {
            #expect(try #require(AnyField.gpu.first { $0.name == field }).unit == unit)
            for (suffix, factor) in values {
                // Numbers within each field's range, exact in binary.
                for base in [1e6, 2e6, 1.5e9] where unit == .bytesPerSecond || unit == .hertz {
                    #expect(try number(field, "\(base / factor)\(suffix)") == base, "\(base / factor)\(suffix)")
                }
                for count in [1.0, 0.5, 0.75] where unit != .bytesPerSecond && unit != .hertz {
                    #expect(try number(field, "\(count)\(suffix)") == count * factor, "\(count)\(suffix)")
                }
            }
        }
        for (suffix, factor) in Self.suffixes[0].values {
            #expect(FieldUnit.byteCount(from: "3\(suffix)") == 3 * Int(factor), "3\(suffix)")
            #expect(
                FieldUnit.byteCount(from: "2.5 \(suffix)") == (factor == 1 ? nil : Int(2.5 * factor)), "2.5 \(suffix)")
        }
    }

    @Test func `No unit has a suffix beyond these`() throws {
        for (unit, field, values) in Self.suffixes where unit != .bytes && unit != .share {
            let error = #expect(throws: MachineError.self) { try number(field, "1parsec") }
            let message = "\(try #require(error))"
            let start = try #require(message.range(of: "is none of its units (")).upperBound
            let named = message[start..<(try #require(message[start...].firstIndex(of: ")")))].split(separator: ", ")
                .map(String.init)
            #expect(named.sorted() == values.map(\.suffix).sorted(), "\(unit)")
        }
    }

    @Test func `Exponents of the number and of its unit add up`() throws {
        #expect(try number("hbm.bandwidth", "3.352e3GB/s") == 3.352e12)
        #expect(try number("hbm.bandwidth", "3352000E-3GB/s") == 3.352e12)
        #expect(try number("gpu.clock", "+1.98e9Hz") == 1.98e9)
        #expect(try number("launch.overhead", "25e-3us") == 25)
    }

    @Test func `Rates and times print in the largest decimal unit that keeps them exact`() throws {
        func text(_ field: String, _ number: Double) throws -> String {
            try #require(AnyField.gpu.first { $0.name == field }).text(of: number)
        }
        #expect(try text("hbm.bandwidth", 3.352e12) == "3.352TB/s")
        #expect(try text("hbm.bandwidth", 2_147_483_648) == "2.147483648GB/s")
        #expect(try text("gpu.clock", 1.5e6) == "1.5MHz")
        #expect(try text("launch.overhead", 1500) == "1500ns")
        #expect(try text("l2.capacity", 1_572_864) == "1536KiB")
        #expect(try text("l2.dirtyShare", 0.4375) == "0.4375")
    }
}
