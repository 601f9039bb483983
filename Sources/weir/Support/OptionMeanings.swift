import Suggestions
import TraceFormats

extension Meanings {
    /// The common words for options of commands, besides sizes.
    static let options = sizes.adding(
        Meanings(whole: [
            "out": output, "outfile": output, "out-file": output, "output-file": output, "save": output,
            "write": output,
            "save-to": output, "dest": output, "destination": output, "to": output, "result": output, "results": output,
            "fmt": ["format"], "output-format": ["format"], "out-format": ["format"], "json": ["format"],
            "csv": ["format"],
            "parallel": workers, "workers": workers, "procs": workers, "processes": workers, "nproc": workers,
            "concurrency": workers,
            "num-threads": threads, "nthreads": threads, "n-threads": threads, "cpus": threads, "cores": threads,
            "jobs": threads, "n-jobs": workers, "silent": ["quiet"], "no-progress": ["quiet"],
            "config": ["set"], "cfg": ["set"], "override": ["set"], "define": ["set"], "param": ["set"],
            "parameter": ["set"],
            "field": ["set"], "setting": ["set"], "settings": ["set"], "machine-file": ["machine"], "yaml": ["machine"],
            "plot": ["chart"], "graph": ["chart"], "figure": ["chart"], "draw": ["chart"], "vega": ["chart"],
            "svg": ["chart"],
            "perfetto": ["timeline"], "gantt": ["timeline"], "trace-events": ["timeline"], "chrome-trace": ["timeline"],
            "reproducible": ["deterministic"], "no-timing": ["deterministic"], "kernels": ["kernel"],
            "kernel-name": ["kernel"],
            "name": ["kernel"], "sms": sms, "sm-count": sms, "num-sms": sms, "n-sms": sms, "nsms": sms,
            "multiprocessors": sms,
            "range": ["vary"], "axis": ["vary"], "sweep": ["vary"], "over": ["vary"], "resume": ["retry-failed"],
            "retry": ["retry-failed"], "dry": ["dry-run"], "plan": ["dry-run"], "no-run": ["dry-run"],
            "column": ["metric"],
            "y-axis": ["y", "metric"], "x-axis": ["x"], "associativity": ["ways"], "assoc": ["ways"],
            "size": capacities, "cache-size": capacities, "cachesize": capacities, "capacity": capacities,
            "sizes": capacities,
            "sample-rate": ["sample"], "sampling": ["sample"], "shards": ["sample", "shard"], "random-seed": ["seed"],
            "l1": ["level"],
            "l2": ["level"], "cache-level": ["level"], "line-size": ["line"], "linesize": ["line"],
            "cacheline": ["line"],
            "access-size": ["access-bytes"], "bytes": ["access-bytes"], "word-size": ["access-bytes"],
            "no-instructions": ["no-fetches"], "data-only": ["no-fetches"], "no-ifetch": ["no-fetches"],
            "skip-fetches": ["no-fetches"],
            "compress": ["compression"], "gzip": ["compression"], "zlib": ["compression"],
            "compression-level": ["compression"],
            "ref": ["reference"], "against": ["reference"], "baseline": ["reference"], "measured": ["reference"],
            "group": ["only", "groups"], "suite": ["only"], "filter": ["only", "kernel"], "fusion": ["variant"],
            "kind": ["variant"],
            "block-order": ["order"], "tile-order": ["order"], "schedule": ["assignment", "order"],
            "group-m": ["group-rows"],
            "ctas-per-sm": ["blocks-per-sm"], "occupancy": ["blocks-per-sm"], "regs": ["registers"],
            "maxnreg": ["registers"],
            "smem": ["shared-memory"], "shared": ["shared-memory"], "shared-bytes": ["shared-memory"],
            "glue": ["with-glue"],
            "gate": ["z"], "has-z": ["z"], "gated": ["z"], "skip": ["d"], "has-d": ["d"], "seq-index": ["seq-idx"],
            "varlen": ["seq-idx"], "cu-seqlens": ["seq-idx"], "h0": ["initial-states"],
            "init-states": ["initial-states"],
            "no-bias": ["no-dt-bias"], "nhwc": ["channel-last"], "tile": ["tiling"], "tiles": ["tiling"],
            "tile-size": ["tiling"],
            "block-m": ["tiling"], "block-n": ["tiling"], "block-k": ["tiling"], "block-size": ["tiling"],
            "num-warps": ["tiling"],
            "num-stages": ["tiling"], "warps": ["tiling"], "stages": ["tiling"], "input": ["trace"],
        ]))

    /// The meanings of letters after one dash in other programs.
    static let letters = Meanings(whole: [
        "o": output, "q": ["quiet"], "m": ["machine", "model"], "j": workers, "t": threads, "f": ["format"],
        "k": ["kernel"],
        "s": ["set"], "b": ["batch"], "l": ["sequence-length"], "d": ["set"],
    ])

    /// The common words for commands.
    static let commands = Meanings(whole: [
        "simulate": ["run", "replay"], "sim": ["run", "replay"], "exec": ["run"], "execute": ["run"],
        "play": ["replay"],
        "bench": ["microbenchmarks"], "benchmark": ["microbenchmarks"], "benchmarks": ["microbenchmarks"],
        "micro": ["microbenchmarks"],
        "convert": ["import", "export"], "read": ["import"], "record": ["generate"], "trace": ["generate", "inspect"],
        "gen": ["generate"], "plot": ["sweep-chart", "step-chart"], "chart": ["sweep-chart", "step-chart"],
        "draw": ["sweep-chart", "step-chart"],
        "graph": ["sweep-chart"],
        "info": ["inspect"], "stat": ["inspect"], "stats": ["inspect"], "show": ["inspect"], "dump": ["inspect"],
        "cat": ["inspect"],
        "autotune": ["tune"], "tiling": ["tune"], "tilings": ["tune"], "mrc": ["curve"], "miss-ratio": ["curve"],
        "reuse": ["curve", "inspect"],
        "list": ["machines"], "gpus": ["machines"], "devices": ["machines"], "presets": ["machines"],
        "machine": ["machines"],
        "compare": ["validate"], "accuracy": ["validate"], "verify": ["check"], "test": ["check"], "golden": ["check"],
        "fusion": ["fuse"], "merge": ["fuse"], "timeline": ["lifetimes"], "timelines": ["lifetimes"],
        "blocks": ["lifetimes"],
        "explore": ["sweep"], "grid": ["sweep"], "vary": ["sweep"],
    ])

    /// The common words for values of options.
    static let values = Meanings(whole: [
        "fp16": ["f16"], "half": ["f16"], "float16": ["f16"], "bfloat16": ["bf16"], "bfloat": ["bf16"], "fp32": ["f32"],
        "float": ["f32"], "float32": ["f32"], "single": ["f32"], "head": ["perHead"], "channel": ["perChannel"],
        "txt": ["text"], "plain": ["text"], "table": ["text"], "jsonl": ["json"], "tsv": ["csv"], "warm": ["chained"],
        "hot": ["chained"],
        "chain": ["chained"], "persist": ["chained"], "clean": ["cold"], "flush": ["cold"], "empty": ["cold"],
        "fused": ["ssd_fused"], "sectors": ["sector"], "lines": ["line"], "wave": ["waves"],
    ]).adding(importFormats)

    /// The common words for formats of traces.
    private static let importFormats = Meanings(
        whole: Dictionary(
            ImportFormat.all.flatMap { format in format.otherNames.map { ($0, [format.rawValue]) } },
            uniquingKeysWith: +))

    /// The common words for kinds of charts.
    static let charts = Meanings(whole: [
        "mrc": ["misses"], "miss-ratio": ["misses"], "curve": ["misses"], "heat": ["heatmap"], "map": ["heatmap"],
        "hits": ["hit-rates"],
        "times": ["time"], "duration": ["time"], "durations": ["time"], "blocks": ["lifetimes"], "distances": ["reuse"],
        "reuse-distance": ["reuse"], "rank": ["ranking"], "ranks": ["ranking"], "tilings": ["ranking"],
        "compare": ["comparison"], "stacked": ["breakdown"], "categories": ["breakdown"], "shares": ["breakdown"],
    ])

    private static let output = ["output"]
    private static let workers = ["jobs", "threads"]
    private static let threads = ["threads", "jobs"]
    private static let sms = ["sm-count", "sms"]
    private static let capacities = ["capacities"]
}
