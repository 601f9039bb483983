import Kernels
import Machine
import Runs

/// A run's totals as JSON: each pass (null without a launch), both together, and the ridges.
enum TotalsJSON {
    static func value(of totals: StepTotals, machine: MachineDescription) -> JSONValue {
        let vectorRates = PeakRates(machine: machine, clockHertz: machine.clockHertz(usesTensorCores: false))
        let rates = PeakRates(machine: machine)
        var members: [(key: String, value: JSONValue)] = SSDPass.allCases.map { pass in
            (pass.rawValue, totals[pass].launches > 0 ? value(of: totals[pass], machine: machine) : .null)
        }
        members.append(("together", value(of: totals.together, machine: machine)))
        members.append(
            (
                "ridge",
                .object([
                    ("tensor_operations_per_second", .number(rates.tensorOperationsPerSecond)),
                    ("vector_operations_per_second", .number(rates.vectorOperationsPerSecond)),
                    ("vector_operations_per_second_without_tensor", .number(vectorRates.vectorOperationsPerSecond)),
                    ("hbm_bytes_per_second", .number(rates.hbmBytesPerSecond)),
                    ("tensor_operations_per_byte", .number(rates.tensorRidge)),
                    ("vector_operations_per_byte", .number(rates.vectorRidge)),
                    ("vector_operations_per_byte_without_tensor", .number(vectorRates.vectorRidge)),
                ])
            ))
        return .object(members)
    }

    /// The percentages of a split's time, by class.
    static func percents(of split: PipeSplit) -> JSONValue {
        .object(KernelPipes.allCases.map { ($0.rawValue, .number(split.percent($0))) })
    }

    private static func value(of pass: PassTotals, machine: MachineDescription) -> JSONValue {
        .object([
            ("launches", .integer(pass.launches)),
            ("hbm_read_bytes", .count(pass.counters.hbmReadBytes)),
            ("hbm_write_bytes", .count(pass.counters.hbmWriteBytes)),
            ("duration_ns", .number(pass.nanoseconds)),
            ("pipes_ns", .object(KernelPipes.allCases.map { ($0.rawValue, .number(pass.split.time($0))) })),
            ("pipes_pct", percents(of: pass.split)),
            ("kernels", .array(pass.kernels.map { value(of: $0, in: pass, machine: machine) })),
        ])
    }

    private static func value(of kernel: KernelTotals, in pass: PassTotals, machine: MachineDescription) -> JSONValue {
        let rates = PeakRates(machine: machine, clockHertz: kernel.clockHertz)
        func number(_ value: Double?) -> JSONValue { value.map(JSONValue.number) ?? .null }
        return .object([
            ("kernel", .text(kernel.kernel)),
            ("pipes", .text(kernel.pipes.rawValue)),
            ("launches", .integer(kernel.launches)),
            ("hbm_read_bytes", .count(kernel.counters.hbmReadBytes)),
            ("hbm_write_bytes", .count(kernel.counters.hbmWriteBytes)),
            ("duration_ns", .number(kernel.nanoseconds)),
            ("duration_share", .number(pass.share(of: kernel))),
            ("tensor_operations", .count(kernel.counters.tensorOperations)),
            ("vector_operations", .count(kernel.counters.vectorOperations)),
            ("tensor_per_vector_operation", number(kernel.tensorToVectorRatio)),
            ("tensor_operations_per_byte", number(kernel.tensorIntensity)),
            ("tensor_operations_of_ridge", number(kernel.tensorIntensity.map { $0 / rates.tensorRidge })),
            ("vector_operations_per_byte", number(kernel.vectorIntensity)),
            ("vector_operations_of_ridge", number(kernel.vectorIntensity.map { $0 / rates.vectorRidge })),
        ])
    }
}
