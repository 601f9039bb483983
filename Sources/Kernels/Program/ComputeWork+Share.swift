import Trace

extension ComputeWork {
    /// This work divided evenly over `trips` trips, rounded down, at least one instruction each.
    package func share(of trips: Int) -> ComputeWork {
        guard trips > 1 else { return self }
        func part(_ count: UInt32) -> Int { Int(count) / trips }
        return ComputeWork(
            instructions: max(1, part(instructions)), tensor: part(tensor), fp32: part(fp32), alu: part(alu),
            special: part(special), memory: part(memory), shuffle: part(shuffle), products: part(products))
    }

    /// This work in consecutive parts of these percentages; the last takes what rounding leaves.
    package func parts(percent: [Int]) -> [ComputeWork] {
        var parts: [ComputeWork] = []
        var before = 0
        for share in percent {
            let (from, to) = (before, before + share)
            before = to
            func part(_ count: UInt32) -> Int { Int(count) * to / 100 - Int(count) * from / 100 }
            parts.append(
                ComputeWork(
                    instructions: part(instructions), tensor: part(tensor), fp32: part(fp32), alu: part(alu),
                    special: part(special), memory: part(memory), shuffle: part(shuffle), products: part(products)))
        }
        return parts
    }
}
