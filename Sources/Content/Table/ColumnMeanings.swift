import Suggestions

extension Meanings {
    /// What people call the columns of measured tables and results.
    package static let columns = Meanings(
        whole: [
            "seqlen": ["seq_len", "sequence_length", "seq", "length", "L"],
            "nheads": ["heads", "n_heads", "num_heads", "H"],
            "headdim": ["head_dim", "d_head", "P"], "ngroups": ["groups", "n_groups", "G"],
            "dstate": ["state_dim", "d_state", "state", "N"], "chunk": ["chunk_size", "chunk_len"],
            "batch": ["batch_size", "bs", "B"],
            "kernel": ["name", "Kernel Name", "kernel_name"],
            "threads_per_block": ["threads", "block_size", "blockDim"],
            "registers_per_thread": ["registers", "regs", "Registers Per Thread"],
            "time": ["cold_duration_ns", "chain_duration_ns", "total_duration_ns"],
            "duration": ["cold_duration_ns", "total_duration_ns"],
            "hit_rate": ["cold_l2_hit_pct", "l1_hit_pct", "total_l2_hit_pct"],
            "hitrate": ["cold_l2_hit_pct", "l1_hit_pct"],
            "l2_hit_rate": ["cold_l2_hit_pct", "total_l2_hit_pct"], "l1_hit_rate": ["l1_hit_pct"],
        ],
        parts: [
            "rate": ["pct"], "percent": ["pct"], "ratio": ["pct"], "hbm": ["dram"], "memory": ["dram"],
            "time": ["duration"],
            "latency": ["duration"], "loads": ["ld"], "load": ["ld"], "stores": ["st"], "store": ["st"],
            "instructions": ["inst"],
        ],
        fillers: ["cold", "chain", "total", "size", "num", "n", "ns"])
}
