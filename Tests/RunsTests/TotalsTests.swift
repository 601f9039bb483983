import Kernels
import Machine
import RunSupport
import Runs
import Simulator
import Testing
import Trace
import Workloads

@Suite("Totals of a training step")
struct TotalsTests {
    /// The small call's training step, gated, so that every SSD kernel runs.
    private func launches(_ kernels: [String] = ["ssd-training"]) throws -> GeneratedLaunches {
        var shape = smallShape
        shape.hasGate = true
        return try Workload.launches(kernels: kernels, shape: shape)
    }

    private func run(_ kernels: [String] = ["ssd-training"], options: [String] = []) throws -> RunResult {
        try LaunchRunner.run(
            try launches(kernels), machine: try MachineDescription(named: "h200", options: options), cacheMode: .cold)
    }

    @Test("Passes add up to the step: launches, bytes, time, and each class's time; kernels' shares to 1")
    func sums() throws {
        let run = try run()
        let totals = StepTotals(of: run.launches)
        #expect(totals.passes == Array(repeating: .forward, count: 5) + Array(repeating: .backward, count: 15))
        #expect(totals.forward.launches == 5 && totals.backward.launches == 15 && totals.together.launches == 20)
        let bytes = run.launches.reduce(UInt64(0)) { $0 + $1.counters.hbmReadBytes }
        #expect(totals.forward.counters.hbmReadBytes + totals.backward.counters.hbmReadBytes == bytes)
        #expect(totals.together.counters.hbmReadBytes == bytes && bytes > 0)
        let time = run.launches.reduce(0) { $0 + $1.durationNanoseconds }
        #expect(abs(totals.together.nanoseconds - time) < 1e-6 * time)
        for pass in [totals.forward, totals.backward, totals.together] {
            #expect(abs(KernelPipes.allCases.reduce(0) { $0 + pass.split.time($1) } - pass.nanoseconds) < 1e-6 * time)
            #expect(abs(KernelPipes.allCases.reduce(0) { $0 + pass.split.percent($1) } - 100) < 1e-9)
            #expect(abs(pass.kernels.reduce(0) { $0 + pass.share(of: $1) } - 1) < 1e-9)
        }
        #expect(totals.backward.kernels.first { $0.kernel == "bmm_ch_bwd" }?.launches == 2)
        #expect(totals.together.kernels.first { $0.kernel == "ch_state_fwd" }?.launches == 2)
        let product = run.launches.filter { $0.launch.kernel == "bmm_ch_fwd" }.map(\.durationNanoseconds)
        #expect(totals.forward.split.time(.tensor) == product[0])
    }

    @Test(
        "A kernel without tensor pipes has no tensor operations, any other some; unknown kernels go by their counters")
    func pipes() throws {
        for result in try run().launches {
            let known = try #require(Registry.kernel(named: result.launch.kernel)?.pipes)
            #expect((known == .vector) == (result.counters.tensorOperations == 0), "\(result.launch.kernel)")
            #expect((known == .tensor) == result.launch.kernel.hasPrefix("bmm_"))
        }
        #expect(
            Registry.kernel(named: "sel_scn_bwd")?.pipes == .vector
                && Registry.kernel(named: "ln_gated_fwd")?.pipes == .vector)
        #expect(Registry.kernel(named: "flash_fwd")?.pipes == nil)
        let limit = KernelPipes.fp32OperationsPerTensorOperation
        #expect(KernelPipes(tensorOperations: 0, fp32Operations: 1e6) == .vector)
        #expect(KernelPipes(tensorOperations: 1e6, fp32Operations: limit * 1e6) == .tensor)
        #expect(KernelPipes(tensorOperations: 1e6, fp32Operations: limit * 1e6 + 1) == .both)
    }

    @Test("Ridges follow from the machine: products, schedulers, SMs, clock, HBM")
    func ridges() throws {
        let machine = try MachineDescription(
            named: "h200",
            options: ["gpu.smCount=132", "gpu.tensorClock=1.5GHz", "sm.tensorProduct=8", "hbm.bandwidth=3TB/s"])
        let rates = PeakRates(machine: machine)
        // 132 SMs of 4 schedulers at 1.5 GHz, 4096 operations in 8 cycles; 32 lanes in one.
        #expect(abs(rates.tensorOperationsPerSecond - 405.504e12) < 1e6)
        #expect(abs(rates.tensorRidge - 135.168) < 1e-9)
        #expect(abs(rates.vectorOperationsPerSecond - 25.344e12) < 1e6)
        #expect(abs(rates.vectorRidge - 8.448) < 1e-9)
    }

    @Test("Intensities and ratios are the counters' over each other")
    func intensities() throws {
        let run = try run(["ch_scan_fwd", "ch_scan_bwd_dcb"])
        let kernel = try #require(StepTotals(of: run.launches).backward.kernels.first)
        let counters = run.launches[1].counters
        let vector = 32 * Double(counters.fp32Instructions + counters.aluInstructions + counters.specialInstructions)
        let bytes = Double(counters.hbmReadBytes + counters.hbmWriteBytes)
        #expect(kernel.kernel == "ch_scan_bwd_dcb" && kernel.pipes == .both && kernel.clockHertz == 1.775e9)
        #expect(kernel.tensorToVectorRatio == Double(counters.tensorOperations) / vector)
        #expect(kernel.tensorIntensity == Double(counters.tensorOperations) / bytes)
        #expect(kernel.vectorIntensity == vector / bytes)
        let scan = try #require(StepTotals(of: try self.run(["ch_cumsum_fwd"]).launches).forward.kernels.first)
        #expect(scan.tensorToVectorRatio == nil && scan.tensorIntensity == 0)
    }
}
