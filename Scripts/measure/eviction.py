"""Joins the cases of eviction.cu with the counts of Nsight Compute: python3 eviction.py cases.csv raw.csv h200_eviction.csv"""
import csv
import sys

SCALES = {"byte": 1, "Kbyte": 1e3, "Mbyte": 1e6, "Gbyte": 1e9}


def read(path):
    with open(path) as file:
        return list(csv.DictReader(line for line in file if not line.startswith("==")))


cases, raw = read(sys.argv[1]), read(sys.argv[2])
units, counted = raw[0], raw[1:]
assert len(cases) == len(counted), f"{len(cases)} cases, {len(counted)} profiles"
with open(sys.argv[3], "w", newline="") as file:
    writer = csv.DictWriter(file, list(cases[0]) + ["missed_share"])
    writer.writeheader()
    for case, profile in zip(cases, counted):
        missed = float(profile["dram__bytes_read.sum"].replace(",", "")) * SCALES[units["dram__bytes_read.sum"]]
        writer.writerow(case | {"missed_share": f"{missed / (int(case['set_MiB']) << 20):.3f}"})
