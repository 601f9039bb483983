import Kernels
import Machine
import Runs

/// A training step's totals as tables for people: a row per pass, a row for each kernel of each pass, and the machine's
/// ridges.
enum TotalsText {
    /// Titles of the classes of kernels, in the order of the tables.
    static let titles: [(pipes: KernelPipes, title: String)] = [
        (.tensor, "tensor alone"), (.vector, "vector alone"), (.both, "both"),
    ]

    private static let passColumns: [(title: String, alignment: TextTable.Alignment)] =
        [
            ("pass", .left), ("launches", .right), ("HBM read", .right), ("HBM written", .right), ("time", .right),
            ("of the step", .right),
        ] + titles.map { ($0.title, .right) }
    private static let kernelColumns: [(title: String, alignment: TextTable.Alignment)] = [
        ("pass", .left), ("kernel", .left), ("pipes", .left), ("launches", .right), ("time", .right),
        ("share", .right), ("tensor ops", .right), ("vector ops", .right), ("tensor/vector", .right),
        ("tensor ops/byte", .right), ("of ridge", .right), ("vector ops/byte", .right), ("of ridge", .right),
    ]
    static let columns = passColumns + kernelColumns

    static func text(of totals: StepTotals, machine: MachineDescription) -> String {
        var result =
            "\nTotals of the training step, and its time by the pipes that kernels use:\n\n" + passes(totals).text
        result +=
            "\nKernels of each pass: share of its time, operations, operations per HBM byte beside the machine's ridge:\n\n"
        result += kernels(totals, machine: machine).text
        let rates = PeakRates(machine: machine)
        let faster = PeakRates(machine: machine, clockHertz: machine.clockHertz(usesTensorCores: false))
        let peak =
            Quantity.operations(rates.tensorOperationsPerSecond) + " over "
            + Quantity.bandwidth(rates.hbmBytesPerSecond)
        result += """

            Tensor operations are two a multiply-add, vector operations one a lane of every fp32, ALU and special-function
            instruction, those for addresses included. Ridges: \(fixed(rates.tensorRidge)) tensor operations a byte (\(peak)),
            \(fixed(rates.vectorRidge)) vector operations a byte, \(fixed(faster.vectorRidge)) at the clock of launches without \
            tensor instructions.

            """
        return result
    }

    private static func passes(_ totals: StepTotals) -> TextTable {
        var table = TextTable(columns: passColumns)
        func append(_ name: String, _ pass: PassTotals) {
            let share = totals.together.nanoseconds > 0 ? 100 * pass.nanoseconds / totals.together.nanoseconds : 0
            table.append(
                [
                    name, String(pass.launches), Quantity.bytes(Double(pass.counters.hbmReadBytes)),
                    Quantity.bytes(Double(pass.counters.hbmWriteBytes)), Quantity.nanoseconds(pass.nanoseconds),
                    Quantity.percent(share),
                ] + titles.map { Quantity.percent(pass.split.percent($0.pipes)) })
        }
        for pass in SSDPass.allCases where totals[pass].launches > 0 { append(pass.rawValue, totals[pass]) }
        table.appendRule()
        append("together", totals.together)
        return table
    }

    private static func kernels(_ totals: StepTotals, machine: MachineDescription) -> TextTable {
        var table = TextTable(columns: kernelColumns)
        for pass in SSDPass.allCases {
            for kernel in totals[pass].kernels {
                let rates = PeakRates(machine: machine, clockHertz: kernel.clockHertz)
                let tensor = kernel.counters.tensorOperations > 0 ? kernel.tensorIntensity : nil
                table.append([
                    pass.rawValue, kernel.kernel, kernel.pipes.rawValue, String(kernel.launches),
                    Quantity.nanoseconds(kernel.nanoseconds), Quantity.percent(100 * totals[pass].share(of: kernel)),
                    tensor == nil ? "-" : Quantity.count(kernel.counters.tensorOperations),
                    Quantity.count(kernel.counters.vectorOperations),
                    kernel.tensorToVectorRatio.map(fixed) ?? "-", tensor.map(fixed) ?? "-",
                    tensor.map { Quantity.percent(100 * $0 / rates.tensorRidge) } ?? "-",
                    kernel.vectorIntensity.map(fixed) ?? "-",
                    kernel.vectorIntensity.map { Quantity.percent(100 * $0 / rates.vectorRidge) } ?? "-",
                ])
            }
            if pass == .forward, totals.forward.launches > 0 { table.appendRule() }
        }
        return table
    }

    private static func fixed(_ value: Double) -> String { Quantity.fixed(value, digits: 2) }
}
