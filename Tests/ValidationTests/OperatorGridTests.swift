import Content
import Foundation
import Models
import Operators
import Testing
import Validation

/// What PyTorch launched on an H200 against what the operators' families make, without a simulation.
@Suite("Grids of measured operators and steps")
struct OperatorGridTests {
    private static let tables = (0..<3).reduce(URL(filePath: #filePath)) { url, _ in url.deletingLastPathComponent() }
        .appending(path: "docs/validation")

    private func table(_ name: String) throws -> ReferenceTable {
        try ReferenceTable(path: Self.tables.appending(path: name).path)
    }

    @Test func `Single operators have the measured grids and threads`() throws {
        var compared: [String: Int] = [:]
        var wrong: [String] = []
        for (number, row) in try table("h200_operators_dev.csv").rows.enumerated() {
            let measured = try MeasuredOperator(row: row, number: number)
            guard let operators = try measured.operators() else { continue }
            let plan = try OperatorPlan(OperatorList(operators, name: "row \(number)"), multiprocessors: 132)
            let launches = plan.steps.filter { !$0.isEstimate }.flatMap(\.launches)
            guard launches.indices.contains(measured.launch) else { continue }
            compared[measured.kind, default: 0] += 1
            let launch = launches[measured.launch].launch
            let grid = try ["grid_x", "grid_y", "grid_z"].map { try row.requiredCount($0) }
            let threads = try row.requiredCount("threads_per_block")
            if grid != [launch.grid.x, launch.grid.y, launch.grid.z] || launch.threadsPerBlock != threads {
                wrong.append("\(number) \(measured.kind) \(measured.direction): \(launch.kernel)")
            }
        }
        for kind in ["gemm", "sdpa", "norm", "gather", "softmax", "optimizer", "elementwise", "strided"] {
            #expect(compared[kind, default: 0] > 0, "\(kind)")
        }
        #expect(compared.values.reduce(0, +) >= 249)
        // A column-wise sum of cuDNN's fused heads, and a launch of one thread, which counts as a warp here.
        #expect(wrong.count <= 2, "\(wrong)")
    }

    @Test(arguments: [
        (
            "h200_step_homogeneous_mamba2_8b_width.csv",
            MeasuredModel.language(
                kinds: "mmmm", width: 4096, batch: 1, length: 4096, vocabulary: 32_000, groups: 8)
        ),
        (
            "h200_model_hybrid_8b_width.csv",
            MeasuredModel.language(
                kinds: "mpap", width: 4096, batch: 1, length: 4096, vocabulary: 32_000, groups: 8)
        ),
        ("h200_step_mambavision_T_b128.csv", MeasuredModel.vision(batch: 128, depths: [1, 3, 8, 4])),
        ("h200_model_mambavision_T_b128.csv", MeasuredModel.vision(batch: 128, depths: [1, 1, 2, 2])),
        ("h200_step_graph_mamba_like_65k.csv", MeasuredModel.graph(layers: 4, nodes: 65_536, edges: 524_288)),
    ])
    func `A table's model follows from it, and its launches in order are the model's`(
        _ name: String, _ model: MeasuredModel
    ) throws {
        let step = try MeasuredStep(table(name))
        #expect(step.model == model)
        let launches = try StepLaunches(step.model.step(everyLayer: true), multiprocessors: 132)
        #expect(abs(Double(launches.count) / Double(step.launches.count) - 1) < 0.02, "\(launches.count)")
        let shares = StepValidation.alignment(of: step, with: launches)
        // Gradients that are added in another order have launches of one kind in other places.
        #expect(shares.paired > 0.97, "\(shares)")
        #expect(shares.exact > 0.97, "\(shares)")
    }

    @Test func `A step of a model that nobody knows is refused with line and cure`() throws {
        let header =
            "aten_op,outer_op,input_dims,part,category,function,grid_x,grid_y,grid_z,block_x,block_y,block_z,"
            + "duration_ns\n"
        func refusal(_ rows: String) -> String? {
            do throws(ReferenceError) {
                _ = try MeasuredStep(ReferenceTable(text: header + rows, name: "t.csv"))
                return nil
            } catch { return error.description }
        }
        let launch = ",elementwise,f,1,1,1,32,1,1,5\n"
        #expect(refusal("a,b,[],0z" + launch)?.contains("layers of kinds 'z' are not known") == true)
        #expect(refusal("a,b,[]," + launch)?.contains("no part of the table is a layer") == true)
        #expect(refusal("a,b,[],0m" + launch + "a,b,[],2m" + launch)?.contains("layer 1 has no launch") == true)
        #expect(refusal("a,b,[],0m" + launch)?.contains("the embedding or the first norm is missing") == true)
        #expect(refusal("a,b,[],0m,elementwise,f,1,1,1,32,1,1,x\n")?.hasPrefix("t.csv:2") == true)
    }
}
