import Models
import Operators
import Testing

@Suite("Training steps of models")
struct ModelStepTests {
    private func step(_ name: String, _ change: (inout ModelOptions) -> Void = { _ in }) throws -> StepLaunches {
        var options = ModelOptions()
        change(&options)
        return try StepLaunches(ModelCatalogue.step(name, options), multiprocessors: 132)
    }

    /// What h200_step_*.csv of an H200 count. `Optimizer.step#...` is an annotation and no launch.
    @Test(arguments: [("mamba2-8b", 4, 358), ("hybrid-8b", 14, 695)])
    func `A step has as many launches as the device counted`(_ name: String, layers: Int, measured: Int) throws {
        let short = try step(name) { $0.layers = layers }
        let whole = try step(name) {
            $0.layers = layers
            $0.everyLayer = true
        }
        #expect(whole.reductions.isEmpty && whole.launches.allSatisfy { $0.count == 1 })
        #expect(abs(Double(whole.count) / Double(measured) - 1) < 0.02, "\(whole.count)")
        #expect(abs(Double(short.count) / Double(measured) - 1) < 0.02, "\(short.count)")
        #expect(short.launches.count < whole.launches.count)
    }

    /// The step table of MambaVision T has 1,580 launches.
    @Test func `A vision model has as many launches as the device counted`() throws {
        let short = try step("mambavision-t")
        let whole = try step("mambavision-t") { $0.everyLayer = true }
        #expect(abs(Double(whole.count) / 1580 - 1) < 0.02, "\(whole.count)")
        #expect(abs(Double(short.count) / Double(whole.count) - 1) < 0.01, "\(short.count)")
        #expect(short.launches.count * 2 < whole.launches.count)
    }

    @Test func `Repeated layers count for the layers that are left out`() throws {
        for layers in [1, 2, 3, 8] {
            let short = try step("mamba2-2.7b") { $0.layers = layers }
            let whole = try step("mamba2-2.7b") {
                $0.layers = layers
                $0.everyLayer = true
            }
            func count(_ step: StepLaunches, _ pass: OperatorPass) -> Int {
                step.launches.reduce(0) { $0 + ($1.pass == pass ? $1.count : 0) }
            }
            #expect(count(short, .forward) == count(whole, .forward))
            #expect(count(short, .backward) == count(whole, .backward))
            #expect(abs(count(short, .optimizer) - count(whole, .optimizer)) <= 1)
        }
    }

    @Test(arguments: ModelCatalogue.names)
    func `No operator of a preset is an estimate`(_ name: String) throws {
        let step = try step(name) {
            guard name != "mambavision-t" else { return }
            $0.layers = 2
            if name == "graph-mamba" { $0.nodes = 1024 } else { $0.sequenceLength = 512 }
        }
        #expect(step.launches.filter(\.isEstimate).map(\.op) == [])
    }

    @Test func `Options that a model does not take are refused with a cure`() {
        for (name, change, message) in [
            ("mamba2-8b", { $0.nodes = 4 }, "--nodes means nothing to model:mamba2-8b; leave it out"),
            ("graph-mamba", { $0.nodes = 5 }, "--nodes is 5; give a multiple of 512"),
            ("mamba2-8b", { $0.layers = 0 }, "--layers is 0; give at least 1"),
        ] as [(String, (inout ModelOptions) -> Void, String)] {
            let error = #expect(throws: ModelError.self) { try self.step(name, change) }
            #expect(error?.description == message)
        }
        let error = #expect(throws: ModelError.self) { try self.step("mamba2-9b") }
        #expect(error?.description.contains("model:mamba2-8b") == true)
    }
}
