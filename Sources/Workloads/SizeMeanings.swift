import Suggestions

extension Meanings {
    /// The common words for the sizes of the kernels' problem and for the other parameters of runs.
    package static let sizes = Meanings(
        whole: [
            "l": length, "t": length, "seq": length, "sequence": length, "seqlen": length, "seq-len": length,
            "length": length,
            "max-seqlen": length, "context": length, "context-length": length, "context-size": length, "ctx": length,
            "tokens": length,
            "positions": length, "time-steps": length, "timesteps": length, "n-ctx": length,
            "b": ["batch"], "bs": ["batch"], "bsz": ["batch"], "batch-size": ["batch"], "batches": ["batch"],
            "sequences": ["batch"],
            "nbatch": ["batch"], "batchsize": ["batch"],
            "h": ["heads"], "nheads": ["heads"], "n-heads": ["heads"], "num-heads": ["heads"], "n-head": ["heads"],
            "p": ["head-dim"], "headdim": ["head-dim"], "dhead": ["head-dim"], "d-head": ["head-dim"],
            "head-size": ["head-dim"],
            "g": ["groups"], "ngroups": ["groups"], "n-groups": ["groups"], "num-groups": ["groups"],
            "n": ["state-dim"], "dstate": ["state-dim"], "d-state": ["state-dim"], "state-size": ["state-dim"],
            "states": ["state-dim"],
            "nstate": ["state-dim"], "ssm-state-size": ["state-dim"],
            "chunk": ["chunk-size"], "q": ["chunk-size"], "chunk-length": ["chunk-size"], "chunk-len": ["chunk-size"],
            "block-len": ["chunk-size"], "chunks": ["chunk-size"],
            "hidden": width, "hidden-size": width, "hidden-dim": width, "d-model": width, "dmodel": width,
            "model-dim": width,
            "d-inner": width, "dinner": width, "channels": width, "inner-dim": width, "expand": width, "columns": width,
            "cols": width,
            "d-conv": ["width"], "dconv": ["width"], "conv-width": ["width"], "kernel-size": ["width"],
            "taps": ["width"],
            "type": ["dtype"], "datatype": ["dtype"], "data-type": ["dtype"], "element-type": ["dtype"],
            "precision": ["dtype"],
            "dt-dtype": ["time-step-dtype"], "dt-type": ["time-step-dtype"],
            "gpu": ["machine"], "device": ["machine"], "arch": ["machine"], "architecture": ["machine"],
            "hardware": ["machine"],
            "target": ["machine"], "chip": ["machine"], "preset": ["machine", "model"], "network": ["model"],
            "cache-mode": ["cache"], "warm": ["cache"], "cold": ["cache"], "chained": ["cache"], "flush": ["cache"],
        ])

    private static let length = ["sequence-length"]
    private static let width = ["dim", "heads", "head-dim"]
}
