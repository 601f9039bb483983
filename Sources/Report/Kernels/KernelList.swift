import Kernels

/// The kernels that have a generator.
package enum KernelList {
    /// A table for people.
    package static func text() -> String {
        var table = TextTable(columns: [
            ("kernel", .left), ("pass", .left), ("pipes", .left), ("tilings", .right), ("what it computes", .left),
        ])
        for kernel in Registry.kernels {
            table.append([
                kernel.name, kernel.pass.rawValue, kernel.pipes.rawValue,
                kernel.tilings.map { "\($0.candidates.count)" } ?? "-",
                kernel.summary,
            ])
        }
        return table.text
    }

    /// The contents of the table and also functions, models, block sizes, grid axes, candidates, parameters and
    /// the names in measured tables.
    package static func json() -> String {
        let kernels = Registry.families.flatMap { family in family.kernels.map { value(of: $0, family: family) } }
        let parameters = LayerParameter.all.map { parameter in
            JSONValue.object([
                ("name", .text(parameter.name)), ("unit", parameter.unit.map { .text($0) } ?? .null),
                ("help", .text(parameter.help)), ("choices", texts(parameter.choices)),
                ("of_every_kernel", .flag(parameter.isOfEveryKernel)),
            ])
        }
        return JSONValue.object([("kernels", .array(kernels)), ("parameters", .array(parameters))]).text + "\n"
    }

    private static func value(of kernel: KernelDescription, family: any KernelFamily) -> JSONValue {
        var parameters: [String] = []
        for model in family.models {
            guard let layer = try? ModelLayer(LayerParameters(), model: model.defaultModel, multiprocessors: 132) else {
                continue
            }
            for parameter in family.parameters(in: layer) where !parameters.contains(parameter.name) {
                parameters.append(parameter.name)
            }
        }
        return .object([
            ("name", .text(kernel.name)), ("functions", texts(kernel.functions + kernel.variants.keys.sorted())),
            ("summary", .text(kernel.summary)), ("models", texts(family.models.map(\.rawValue))),
            ("pass", .text(kernel.pass.rawValue)), ("pipes", .text(kernel.pipes.rawValue)),
            ("chunk_axis", axis(kernel.axes?.chunk)), ("head_axis", axis(kernel.axes?.head)),
            ("block_sizes", texts(kernel.tilings?.fields ?? [])),
            ("tilings", texts(kernel.tilings?.candidates.map(\.description) ?? [])), ("parameters", texts(parameters)),
            ("measured_names", texts(kernel.measured.all)),
        ])
    }

    private static func texts(_ names: [String]) -> JSONValue { .array(names.map { .text($0) }) }
    private static func axis(_ axis: GridAxis?) -> JSONValue { axis.map { .text(String($0.rawValue)) } ?? .null }

    /// One line per kernel.
    package static func commaSeparated() -> String {
        var table = CSVTable(columns: ["name", "functions", "models", "pass", "pipes", "block_sizes", "summary"])
        for family in Registry.families {
            for kernel in family.kernels {
                table.append([
                    kernel.name, (kernel.functions + kernel.variants.keys.sorted()).joined(separator: " "),
                    family.models.map(\.rawValue).joined(separator: " "), kernel.pass.rawValue, kernel.pipes.rawValue,
                    kernel.tilings?.fields.joined(separator: " ") ?? "", kernel.summary,
                ])
            }
        }
        return table.text
    }
}
