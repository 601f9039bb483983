import Content
import Machine
import Simulator

/// Rounds of loads. Each block reads a piece, waits for all of it, and goes on to the next, with or without stores in
/// between.
///
/// The suite compares the mean time of a round. It is the time of the round's slowest line.
struct RoundSuite: MicrobenchmarkSuite {
    func run(on machine: MachineDescription, reference: MicrobenchmarkReference, found: (MicrobenchmarkCase) -> Void)
        throws
    {
        for row in try reference.rounds().rows {
            let (kind, blocks) = (try row.required("kind"), try row.requiredCount("blocks", most: 1 << 16))
            let (bytes, rounds) = (
                try row.requiredCount("bytes", most: 1 << 20), try row.requiredCount("rounds", most: 4096)
            )
            guard kind == "read" || kind == "copy" else {
                throw ReferenceError(
                    file: row.file, line: row.line, cause: "kind is '\(kind)'", cure: "write read or copy")
            }
            func lifetime(rounds: Int) throws -> Double {
                let source = Microbenchmarks.rounds(
                    blocks: blocks, bytes: bytes, rounds: rounds, stores: kind == "copy")
                return try Simulation(machine: machine, cacheMode: .cold).run(source).lifetimes.mean
            }
            let cycles = try (lifetime(rounds: rounds) - lifetime(rounds: 0)) / Double(rounds)
            found(
                MicrobenchmarkCase(
                    group: .rounds, series: kind, name: "\(blocks) x \(bytes) B, \(rounds) rounds",
                    values: [
                        MicrobenchmarkValue(
                            "cycles_a_round", measured: try row.requiredNumber("cycles_mean"), predicted: cycles)
                    ]))
        }
    }
}
