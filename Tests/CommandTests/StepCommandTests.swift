import Foundation
import Testing

@Suite("Training steps of models, by the command", .enabled(if: builtCommand != nil))
struct StepCommandTests {
    private static let small = [
        "run", "model:graph-mamba", "--nodes", "512", "--degree", "2", "--layers", "2", "--quiet",
    ]

    private func json(_ arguments: [String]) throws -> [String: Any] {
        let output = try shellWeir(arguments + ["--format", "json", "--deterministic"]).text
        return try #require(JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
    }

    @Test func `The breakdown adds up to the totals and to the launches`() throws {
        let step = try json(Self.small)
        let launches = try #require(step["launches"] as? [[String: Any]])
        let breakdown = try #require(step["breakdown"] as? [[String: Any]])
        let totals = try #require(step["totals"] as? [String: Any])
        let categories = [
            "gemm", "ssm", "conv1d", "conv2d", "attention", "elementwise", "norm", "reduce", "softmax_loss",
            "gather_scatter", "optimizer", "other",
        ]
        #expect(breakdown.compactMap { $0["category"] as? String } == categories)
        for key in ["duration_ns", "launches", "hbm_read_bytes", "hbm_write_bytes", "flop"] {
            let sum = breakdown.reduce(0) { $0 + ($1[key] as? Double ?? .nan) }
            let total = try #require(totals[key] as? Double)
            #expect(abs(sum - total) <= 1e-9 * total, "\(key)")
        }
        let counted = launches.reduce(0) { $0 + ($1["count"] as? Int ?? 0) }
        #expect(counted == totals["launches"] as? Int)
        #expect(step["cache"] as? String == "chained")
    }

    @Test func `The bytes are the same at one thread and at two`() throws {
        let outputs = try ["1", "2"].map { threads in
            try shellWeir(Self.small + ["--format", "json", "--deterministic", "--threads", threads]).text
        }
        #expect(outputs[0] == outputs[1])
    }

    @Test(arguments: ["category", "layer", "launch"])
    func `Tables are no wider than a terminal`(_ division: String) throws {
        let output = try shellWeir(Self.small + ["--by", division, "--deterministic"]).text
        let widest = output.split(separator: "\n").map(\.count).max() ?? 0
        #expect(widest <= 120, "\(widest)")
        #expect(output.contains("Step time") && output.contains("FLOP a byte (tensor cores) and 13.9 (fp32)"))
    }

    @Test(arguments: [
        (["run", "model:mamba2-9b"], "no model 'model:mamba2-9b'"),
        (["run", "model:mamba2-8b", "--nodes", "3"], "--nodes means nothing to model:mamba2-8b"),
        (["run", "model:mamba2-8b", "--heads", "3"], "a model stands alone"),
        (["run", "model:mamba2-8b", "ssd-forward"], "a model stands alone"),
        (["run", "ssd-forward", "--layers", "3"], "--layers is for models"),
        (["run", "ssd-forward", "--by", "layer"], "--by is for models"),
    ])
    func `Wrong arguments get one line`(_ arguments: [String], _ message: String) throws {
        let run = try shellWeir(arguments)
        #expect(run.code != 0 && run.text.contains(message), "\(run.text)")
    }
}
