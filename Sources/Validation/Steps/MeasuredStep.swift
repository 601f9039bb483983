import Content
import Foundation
import Models
import Trace

/// The launches of a whole training step, as tables such as h200_step_*.csv and h200_model_*.csv have them.
package struct MeasuredStep: Sendable {
    /// A measured launch.
    package struct Launch: Sendable {
        /// The row's number in the table, from 0.
        package let number: Int
        package let category: String
        package let part: String
        package let function: String
        let grid: Grid
        let threads: Int
        let durationNanoseconds: Double
        /// HBM bytes; nil in tables without counters.
        let readBytes: Double?
        let writeBytes: Double?
        /// Operations of a matrix product; nil for other launches.
        let operations: Double?
    }

    package let launches: [Launch]
    package let model: MeasuredModel
    /// Whether the table has HBM bytes.
    package let hasBytes: Bool
    /// The table's name for durations.
    package let durationColumn: String

    /// - Throws: `ReferenceError` with line, cause and cure for values that are missing or wrong, and for a model that
    ///   Weir does not know.
    package init(_ table: ReferenceTable) throws(ReferenceError) {
        hasBytes = table.columns.contains("chain_dram_read_bytes")
        durationColumn = table.columns.contains("chain_duration_ns") ? "chain_duration_ns" : "duration_ns"
        var launches: [Launch] = []
        for (number, row) in table.rows.enumerated() {
            let function = try row.required("function")
            // An annotation of the profiler, not a launch.
            if function.hasPrefix("Optimizer.step") { continue }
            let duration = try row.requiredNumber(durationColumn)
            let grid = Grid(
                x: try row.requiredCount("grid_x", most: 1 << 31), y: try row.requiredCount("grid_y"),
                z: try row.requiredCount("grid_z"))
            let block = [
                try row.requiredCount("block_x"), try row.requiredCount("block_y"), try row.requiredCount("block_z"),
            ]
            launches.append(
                Launch(
                    number: number, category: try row.required("category"), part: row.text("part") ?? "",
                    function: function, grid: grid, threads: block.reduce(1, *), durationNanoseconds: duration,
                    readBytes: try row.number("chain_dram_read_bytes"),
                    writeBytes: try row.number("chain_dram_write_bytes"), operations: try row.number("gemm_flops")))
        }
        self.launches = launches
        model = try Self.model(of: table)
    }

    /// The model, from the parts of the table and the shapes of its first operators.
    private static func model(of table: ReferenceTable) throws(ReferenceError) -> MeasuredModel {
        func refuse(_ cause: String, line: Int = 0) -> ReferenceError {
            ReferenceError(
                file: table.name, line: line, cause: cause,
                cure: "give the step of a language model or a graph model as docs/models.md has them")
        }
        func shapes(_ row: ReferenceRow) -> [[Int]] {
            guard let text = row.text("input_dims"), let data = text.data(using: .utf8),
                let value = try? JSONSerialization.jsonObject(with: data) as? [Any]
            else { return [] }
            return value.map { ($0 as? [Int]) ?? [] }
        }
        var kinds = ""
        var last = -1
        for row in table.rows {
            guard let part = row.text("part"), let number = Int(part.dropLast()), number > last, let kind = part.last,
                !part.hasPrefix("b")
            else { continue }
            guard number == last + 1 else { throw refuse("layer \(last + 1) has no launch", line: row.line) }
            last = number
            kinds.append(kind)
        }
        func first(_ operatorName: String, where fits: ([[Int]]) -> Bool) -> [[Int]]? {
            for row in table.rows where row.text("aten_op") == operatorName {
                let own = shapes(row)
                if fits(own) { return own }
            }
            return nil
        }
        if kinds.isEmpty, let vision = vision(table.rows.map { ($0.text("aten_op") ?? "", shapes($0)) }) {
            return vision
        }
        if !kinds.isEmpty, kinds.allSatisfy({ $0 == "g" }) {
            let products = table.rows.filter { $0.text("aten_op") == "aten::addmm" }.prefix(2).map(shapes)
            guard products.count == 2, products.allSatisfy({ $0.count > 1 && $0[1].count == 2 }) else {
                throw refuse("the products of edges and nodes are missing")
            }
            return .graph(layers: kinds.count, nodes: products[1][1][0], edges: products[0][1][0])
        }
        guard !kinds.isEmpty, kinds.allSatisfy(MeasuredModel.languageKinds.contains) else {
            throw refuse(
                kinds.isEmpty ? "no part of the table is a layer" : "layers of kinds '\(kinds)' are not known")
        }
        guard let embedding = first("aten::gather", where: { $0.count == 3 && $0[0].count == 2 }),
            let norm = first("LayerNormFn", where: { $0.first?.count == 3 })
        else { throw refuse("the embedding or the first norm is missing") }
        let width = embedding[0][1]
        var groups = 1
        if kinds.contains("m") {
            guard
                let convolution = first(
                    "DaoAILab::_causal_conv1d_fwd_cpp", where: { $0.first?.count == 3 })
            else { throw refuse("the convolution of Mamba-2 is missing") }
            groups = max(1, (convolution[0][1] - 2 * width) / 256)
        }
        return .language(
            kinds: kinds, width: width, batch: norm[0][0], length: norm[0][1], vocabulary: embedding[0][0],
            groups: groups)
    }
}

extension MeasuredStep {
    /// MambaVision, whose tables name no layers: the first operator takes its images, and the convolutions and
    /// attentions of each stage tell its depth.
    private static func vision(_ operators: [(name: String, shapes: [[Int]])]) -> MeasuredModel? {
        let convolutions = operators.filter { $0.name == "aten::cudnn_convolution" }.map(\.shapes)
        guard let first = convolutions.first, first.count == 2, first[0].count == 4, first[0][1] == 3 else {
            return nil
        }
        // A convolution of NCHW images is four launches, and a layer has two of them.
        func layers(width: Int) -> Int { convolutions.count { $0.last == [width, width, 3, 3] } / 8 }
        let attentions = operators.filter { $0.name == "aten::_cudnn_attention_forward" }.map(\.shapes)
        // Half of the layers of a stage are attentions.
        func mixers(positions: Int) -> Int { 2 * attentions.count { $0.first?[2] == positions } }
        return .vision(
            batch: first[0][0],
            depths: [layers(width: 80), layers(width: 160), mixers(positions: 196), mixers(positions: 49)])
    }
}

extension ReferenceTable {
    /// Whether the rows are the launches of a training step.
    package var holdsStep: Bool { ["aten_op", "outer_op", "input_dims", "part"].allSatisfy(columns.contains) }
}
