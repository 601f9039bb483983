import Trace

extension ComputeWork {
    /// This work divided evenly over `trips` trips, rounded down. Each trip has at least one instruction.
    package func share(of trips: Int) -> ComputeWork {
        guard trips > 1 else { return self }
        func part(_ count: UInt32) -> Int { Int(count) / trips }
        return ComputeWork(
            instructions: max(1, part(instructions)), tensor: part(tensor), fp32: part(fp32), alu: part(alu),
            special: part(special), memory: part(memory), shuffle: part(shuffle), products: part(products))
    }

    /// The part of the work between these percentages. Parts that follow each other add up exactly.
    package func part(from: Int, to: Int) -> ComputeWork {
        func part(_ count: UInt32) -> Int { Int(count) * to / 100 - Int(count) * from / 100 }
        return ComputeWork(
            instructions: part(instructions), tensor: part(tensor), fp32: part(fp32), alu: part(alu),
            special: part(special), memory: part(memory), shuffle: part(shuffle), products: part(products))
    }
}
