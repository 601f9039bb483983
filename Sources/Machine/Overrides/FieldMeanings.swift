import Suggestions

extension Meanings {
    /// Names that people use for the fields of machines.
    package static let fields = Meanings(
        whole: [
            "l1.size": l1Capacity, "l1.capacity": l1Capacity, "l1 cache size": l1Capacity, "l1d.size": l1Capacity,
            "smem": ["sm.sharedPerBlock"], "shared": ["sm.sharedPerBlock"], "shared memory": ["sm.sharedPerBlock"],
            "sm.sharedmemory": ["sm.sharedPerBlock"], "sharedmemory": ["sm.sharedPerBlock"],
            "sm.smem": ["sm.sharedPerBlock"],
            "sm.shared memory": ["sm.sharedPerBlock"],
            "shared memory size": ["sm.sharedPerBlock"], "sm.shared": ["sm.sharedPerBlock"],
            "smem per block": ["sm.sharedPerBlock"],
            "sms": ["gpu.smCount"], "sm": ["gpu.smCount"], "num_sms": ["gpu.smCount"], "n_sms": ["gpu.smCount"],
            "sm count": ["gpu.smCount"], "gpu.sms": ["gpu.smCount"], "gpu.cores": ["gpu.smCount"],
            "multiprocessors": ["gpu.smCount"],
            "multiprocessor count": ["gpu.smCount"], "gpu.multiprocessors": ["gpu.smCount"], "sm.num": ["gpu.smCount"],
            "gpcs": ["gpcs.count"], "num_gpcs": ["gpcs.count"],
            "peak bandwidth": ["hbm.bandwidth"], "clock rate": ["gpu.clock", "gpu.tensorClock"],
            "frequency": ["gpu.clock"],
            "core clock": ["gpu.clock"], "sm clock": ["gpu.clock"], "boost clock": ["gpu.clock"],
            "sm.clock": ["gpu.clock"],
            "sm.frequency": ["gpu.clock"], "mshr": ["l1.missesInFlight"], "mshrs": ["l1.missesInFlight"],
            "l1.mshrs": ["l1.missesInFlight"], "l1.mshr": ["l1.missesInFlight"],
            "max registers": ["sm.registersPerThread"],
            "launch latency": ["launch.overhead"], "launch.latency": ["launch.overhead"],
            "kernel overhead": ["launch.overhead"],
            "llc.size": ["ll.capacity", "l2.capacity"], "l2.size": ["l2.capacity", "ll.capacity"],
            "l3.size": ["ll.capacity"], "l3.capacity": ["ll.capacity"], "write allocate": allocates,
            "l1.writeAllocate": ["l1.allocatesOnWrite"],
            "d1.writeAllocate": ["d1.allocatesOnWrite"], "ll.writeAllocate": ["ll.allocatesOnWrite"],
            "banks": ["l2.slices"], "l2.banks": ["l2.slices"], "l2.numSlices": ["l2.slices"],
        ],
        parts: [
            "size": ["capacity"], "bytes": ["capacity"], "cap": ["capacity"], "associativity": ["ways"],
            "assoc": ["ways"],
            "way": ["ways"], "linesize": ["line"], "cacheline": ["line"], "blocksize": ["line"], "block": ["line"],
            "sectorsize": ["sector"], "bw": ["bandwidth"], "throughput": ["bandwidth"], "lat": ["latency"],
            "delay": ["latency"],
            "policy": ["replacement"], "eviction": ["replacement"], "dram": ["hbm"], "memory": ["hbm"], "mem": ["hbm"],
            "vram": ["hbm"], "gmem": ["hbm"], "hbm3": ["hbm"], "hbm3e": ["hbm"], "gddr": ["hbm"], "llc": ["ll", "l2"],
            "l3": ["ll"],
            "l1d": ["d1", "l1"], "dl1": ["d1"], "l1i": ["i1"], "il1": ["i1"], "freq": ["clock"], "frequency": ["clock"],
            "regs": ["registers"], "reg": ["registers"], "slots": ["blocks"], "ctas": ["blocks"],
            "channel": ["channels"],
            "stacks": ["channels"], "gpc": ["gpcs"], "crossbar": ["fabric"], "xbar": ["fabric"], "noc": ["fabric"],
        ],
        fillers: ["size", "bytes", "count", "num", "number", "total", "max", "per", "cache", "rate", "kb", "mb"])

    private static let l1Capacity = ["sm.unifiedCapacity", "sm.carveOuts", "d1.capacity", "i1.capacity"]
    private static let allocates = ["l1.allocatesOnWrite", "d1.allocatesOnWrite", "ll.allocatesOnWrite"]

    /// Names that people use for the presets of machines.
    static let machines = Meanings(whole: [
        "h100": ["h100-sxm"], "h100sxm5": ["h100-sxm"], "nvidia h100": ["h100-sxm"], "gh100": ["h200", "h100-sxm"],
        "hopper": ["h200", "h100-sxm"], "sm90": ["h200", "h100-sxm"], "sm_90a": ["h200", "h100-sxm"],
        "nvidia h200": ["h200"],
        "h200 sxm": ["h200"], "gh200": ["h200"], "cpu": ["one-core"], "core": ["one-core"], "cachegrind": ["one-core"],
        "dinero": ["one-core"], "plain": ["one-core"], "generic": ["one-core"],
    ])
}
