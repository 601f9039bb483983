"""Times of launches as a step shows them and as Nsight Compute does, and the clock of a GPU that works for long.

    python3 launch_times.py trace             # time stamps, alone and between products, and the clock meanwhile
    ncu --clock-control none --cache-control none --csv \\
        --metrics gpu__time_duration.sum,sm__cycles_elapsed.max,smsp__cycles_active.max python3 launch_times.py ncu

Needs PyTorch with CUDA and, for the clock, nvidia-smi.
"""

import statistics
import subprocess
import sys
import threading
import time

import torch
from torch.profiler import ProfilerActivity, profile

SIZES = [32, 1 << 12, 1 << 15, 1 << 17, 1 << 19, 1 << 21, 1 << 23, 1 << 25]


def operators():
    """Fills, sums and conversions of fp32 vectors by their name and length."""
    calls = []
    for size in SIZES:
        a, b = torch.ones(size, device="cuda"), torch.ones(size, device="cuda")
        out, half = torch.empty_like(a), torch.empty(size, device="cuda", dtype=torch.bfloat16)
        calls.append((f"fill {size}", lambda a=a: a.fill_(1.0)))
        calls.append((f"add {size}", lambda a=a, b=b, out=out: torch.add(a, b, out=out)))
        calls.append((f"to bf16 {size}", lambda a=a, half=half: half.copy_(a)))
    return calls


def launches(call, repetitions):
    """Start, duration in ns and name of each launch of `call`, in order."""
    torch.cuda.synchronize()
    with profile(activities=[ProfilerActivity.CUDA, ProfilerActivity.CPU]) as recorded:
        for _ in range(repetitions):
            call()
        torch.cuda.synchronize()
    found = [
        (event.start_ns(), event.duration_ns(), event.name())
        for event in recorded.profiler.kineto_results.events()
        if event.device_type() == torch.autograd.DeviceType.CUDA and event.duration_ns() > 0
    ]
    return sorted(found)


def clocks(work, seconds):
    """Clocks in MHz and power in W while `work` repeats."""
    seen, ended = [], threading.Event()

    def look():
        query = ["nvidia-smi", "--query-gpu=clocks.sm,power.draw", "--format=csv,noheader,nounits"]
        while not ended.is_set():
            line = subprocess.run(query, capture_output=True, text=True, check=True).stdout
            seen.append(tuple(float(value) for value in line.split(",")))

    watcher = threading.Thread(target=look)
    watcher.start()
    begin = time.time()
    while time.time() - begin < seconds:
        for _ in range(20):
            work()
        torch.cuda.synchronize()
    ended.set()
    watcher.join()
    return seen[len(seen) // 2 :]


def trace():
    for name, call in operators():
        call()
        times = [duration for _, duration, _ in launches(call, 20)]
        print(f"{name}: median {statistics.median(times):.0f} ns, least {min(times)} ns")
    left = torch.randn(8192, 8192, device="cuda", dtype=torch.bfloat16)
    product, x = torch.empty_like(left), torch.randn(4096, 16384, device="cuda", dtype=torch.bfloat16)

    def silu():
        torch.nn.functional.silu(x)

    def both():
        torch.mm(left, left, out=product)
        silu()

    for name, work in [("silu", silu), ("silu behind a product", both)]:
        for stage in ("rested", "after 3 s of the same"):
            times = [duration for _, duration, kernel in launches(work, 3) if "silu" in kernel]
            print(f"{name}, {stage}: {statistics.median(times):.0f} ns")
            if stage == "rested":
                seen = clocks(work, 3)
        print(f"{name}: {min(seen)[0]:.0f} to {max(seen)[0]:.0f} MHz at {max(power for _, power in seen):.0f} W")
        time.sleep(3)


if __name__ == "__main__":
    if sys.argv[1:] == ["trace"]:
        trace()
    elif sys.argv[1:] == ["ncu"]:
        for _, call in operators():
            for _ in range(3):
                call()
        torch.cuda.synchronize()
    else:
        sys.exit(__doc__)
