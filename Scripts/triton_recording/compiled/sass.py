"""Reads a kernel's machine code, as cuobjdump prints it: instructions by pipe, loops, memory accesses."""

import re
from dataclasses import dataclass

LINE = re.compile(
    r"^\s+/\*([0-9a-f]{4,})\*/\s+(?:@(!?U?P\w+)\s+)?([A-Z][\w.]*)\s*([^;]*);"
    r"(?:\s*/\* 0x[0-9a-f]+ \*/\s*/\* 0x([0-9a-f]+) \*/)?",
    re.M,
)
REGISTER = re.compile(r"\b(UR|R)(\d+)\b(?:\.(64))?")

# The arithmetic pipe of an opcode; what stands in none of these lists goes to none of them.
ALU = (
    "LOP3",
    "IADD3",
    "SHF",
    "ISETP",
    "SEL",
    "FSEL",
    "FMNMX",
    "FSETP",
    "PRMT",
    "F2FP",
    "LEA",
    "VIADD",
    "PLOP3",
    "IABS",
    "VIMNMX",
    "IMNMX",
    "SGXT",
    "P2R",
    "R2P",
    "I2FP",
    "BMSK",
    "FLO_",
    "ICMP",
    "HSETP2",
    "HMNMX2",
    "HSET2",
    "FSET",
    "LOP",
    "FSWZADD",
    "VABSDIFF",
    "VOTE_",
    "MOV",
    "CS2R",
    "VHMNMX",
    "VIADDMNMX",
    "ISCADD",
    "NOP_",
)
FP32 = ("FFMA", "FMUL", "FADD", "IMAD", "HADD2", "HMUL2", "HFMA2", "IDP", "FFMA2", "FADD2", "FMUL2", "IMUL")
SPECIAL = ("MUFU", "I2F", "F2I", "F2F", "POPC", "FLO", "BREV", "FRND", "I2I", "FCHK_")
MEMORY = (
    "LDS",
    "STS",
    "LDSM",
    "STSM",
    "LDGSTS",
    "LDG",
    "STG",
    "LD",
    "ST",
    "LDL",
    "STL",
    "RED",
    "REDG",
    "ATOM",
    "ATOMG",
    "ATOMS",
    "REDS",
    "UTMALDG",
    "UTMASTG",
    "UBLKCP",
    "UTMAREDG",
)
SHUFFLE = ("SHFL", "REDUX", "MATCH")
FIELDS = ("instructions", "tensor", "fp32", "alu", "special", "memory", "shuffle", "products", "cycles")


def pipe(name):
    first = name.split(".")[0]
    if first in SHUFFLE:
        return "shuffle"
    if first in MEMORY:
        return "memory"
    if first in SPECIAL:
        return "special"
    if first in FP32:
        return "fp32"
    if first in ALU:
        return "alu"
    if re.match(r"[HIQBD]G?MMA$", first):
        return "tensor"
    return None


def products(name):
    """Products of 16 x 8 by 16 two-byte elements of one warp that a tensor instruction amounts to."""
    shape = re.search(r"\.(\d+)x(\d+)x(\d+)", name)
    if shape:
        rows, columns, depth = map(int, shape.groups())
        # A warp group multiplies: each of its four warps has 16 of 64 rows.
        return max(1, rows // 16 * (columns // 8) // 4)
    if name.startswith(("HMMA.1688", "IMMA.16816", "HMMA.16816.F64")) or "1688" in name and "TF32" in name:
        return 1
    return 1


@dataclass
class Line:
    address: int
    guard: str
    name: str
    text: str
    control: int = None
    region: int = -1
    role: str = None
    cycles: float = 0.0

    @property
    def first(self):
        return self.name.split(".")[0]


ROLES = {
    "LDG": "load",
    "LD": "load",
    "STG": "store",
    "ST": "store",
    "LDGSTS": "copy",
    "RED": "atomic",
    "REDG": "atomic",
    "ATOM": "atomic",
    "ATOMG": "atomic",
    "UTMALDG": "bulkLoad",
    "UTMASTG": "bulkStore",
    "UTMAREDG": "bulkStore",
    "LDGDEPBAR": "commit",
    "BAR": "barrier",
    "DEPBAR": "wait",
}


class Code:
    """The instructions of one kernel, and the loops among them by their back edges."""

    def __init__(self, text, warps=4):
        self.lines = [
            Line(int(a, 16), guard or "", name, rest.strip(), int(control, 16) if control else None)
            for a, guard, name, rest, control in LINE.findall(text)
            if name != "NOP"
        ]
        self.end = max([n.address for n in self.lines if n.name == "EXIT"], default=1 << 60)
        # What follows the last EXIT is reached by branches: waits that had to wait, and subroutines.
        self.cold = [n for n in self.lines if n.address > self.end]
        found = {}
        for line in self.lines:
            if line.first in ("BRA", "BRX") and line.address <= self.end:
                target = re.search(r"0x([0-9a-f]+)", line.text)
                if target and int(target.group(1), 16) <= line.address:
                    low = int(target.group(1), 16)
                    found[low] = max(found.get(low, 0), line.address)
        loops = []
        for low, high in sorted(found.items()):
            body = [n for n in self.lines if low <= n.address <= high]
            if any(n.first == "SYNCS" for n in body) and len(body) <= 8:
                continue  # a wait that tries again
            loops.append((low, high))
        self.loops = loops
        for line in self.lines:
            line.role = ROLES.get(line.first)
            if line.first == "DEPBAR" and ".LE" not in line.name:
                line.role = None
            if line.first == "BAR" and ("SYNC" not in line.name and "RED" not in line.name):
                line.role = None
            inner = None
            for index, (low, high) in enumerate(loops):
                if low <= line.address <= high and (inner is None or high - low < loops[inner][1] - loops[inner][0]):
                    inner = index
            line.region = -1 if inner is None else inner
        for region in range(-1, len(loops)):
            time_alone(self.in_region(region), warps, region >= 0)

    def parent(self, loop):
        low, high = self.loops[loop]
        around = [i for i, (l, h) in enumerate(self.loops) if i != loop and l <= low and high <= h]
        return min(around, key=lambda i: self.loops[i][1] - self.loops[i][0], default=-1)

    def in_region(self, region):
        return [n for n in self.lines if n.region == region and n.address <= self.end]

    def spills(self):
        return sum(n.first in ("LDL", "STL") for n in self.lines)


# Cycles until the result of an instruction of no fixed latency can be used, and those for which a lone warp's instruction
# keeps its pipe. Source: measured on an H200, Scripts/measure/latencies.cu; SHFL and STS take the way of LDS. What
# stands in none of the lists counts as if its result were there at once. Waits for global memory are not part of it.
LATENCY = {
    "MUFU": 17,
    "POPC": 17,
    "F2I": 18,
    "I2F": 18,
    "F2F": 18,
    "LDS": 23,
    "SHFL": 23,
    "LDSM": 29,
    "HMMA": 24,
    "REDUX": 40,
    "ATOMS": 23,
}
OCCUPANCY = {"special": 8, "shuffle": 4}


def time_alone(lines, warps, is_loop):
    """Sets `cycles` of each line: what it adds to the time of a warp that has its SM to itself.

    The machine code says how long the warp stalls behind an instruction (bits 41 to 44 of the upper word), which of six
    barriers an instruction sets when its result is there (46 to 48) or its operands are read (49 to 51), and for which
    ones it waits (52 to 57). A loop is timed in its second trip.
    """
    if any(line.control is None for line in lines):
        return
    ready = [0.0] * 6
    free = {}
    now = 0.0
    for _ in range(2 if is_loop else 1):
        for line in lines:
            begin = now
            control = line.control
            for barrier in range(6):
                if control >> (52 + barrier) & 1:
                    now = max(now, ready[barrier])
            kind = pipe(line.name)
            if kind in OCCUPANCY:
                now = max(now, free.get(kind, 0.0))
                free[kind] = now + OCCUPANCY[kind]
            if line.first == "BAR":
                # Scripts/measure/latencies.cu: 14, 20, 28, 44 cycles with 1, 4, 8, 16 warps.
                now += 12 + 2 * warps
            for shift in (46, 49):
                barrier = control >> shift & 7
                if barrier < 6:
                    ready[barrier] = max(ready[barrier], now + (LATENCY.get(line.first, 0) if shift == 46 else 0))
            now += max(1, control >> 41 & 15)
            line.cycles = now - begin


def slots(name):
    """Slots of its pipe that an instruction takes: products of integers take more than one.

    Source: measured on an H200 with chains of eight independent instructions in 32 warps an SM. A scheduler starts an
    FFMA each 1.0 cycle, an IMAD each 2.0, an IMAD.HI each 4.0, an IMAD.WIDE each 2 to 2.5. Moves, shifts and sums that the
    assembler spells as IMAD count as one.
    """
    first, *rest = name.split(".")
    if first not in ("IMAD", "IMUL") or {"MOV", "SHL", "IADD", "U32", "X"} & set(rest[:1]):
        return 1
    return 4 if "HI" in rest else 2


def mix(lines):
    out = dict.fromkeys(FIELDS, 0)
    for line in lines:
        out["instructions"] += 1
        out["cycles"] += line.cycles
        kind = pipe(line.name)
        if kind:
            out[kind] += slots(line.name)
        if kind == "tensor":
            out["products"] += products(line.name)
    return out


def awaited_products(line):
    """How many groups of products of a warp group may still run behind an instruction; None where it waits for none."""
    found = re.fullmatch(r"gsb0, 0x([0-9a-f]+)", line.text) if line.name == "WARPGROUP.DEPBAR.LE" else None
    return int(found.group(1), 16) if found else None


def is_group_product(line):
    """Whether an instruction begins products of a warp group, which run while the warps go on."""
    return line.first.endswith("GMMA")


def ends_group(line):
    """Whether an instruction is the last of a group of such products."""
    return is_group_product(line) and "gsb0" in line.text


def written(line):
    """General registers that an instruction of one result writes, as far as they matter for loads."""
    first = REGISTER.match(line.text)
    if not first or first.group(1) != "R":
        return set()
    number = int(first.group(2))
    if line.first in ("LDG", "LD", "ATOMG", "ATOM"):
        width = 4 if ".128" in line.name else 2 if ".64" in line.name else 1
    else:
        width = 1
    return set(range(number, number + width))


def mentioned(line):
    """Numbers of the general registers that an instruction names, with those that follow in wide operands."""
    named = [(int(number), bool(wide)) for name, number, wide in REGISTER.findall(line.text) if name == "R"]
    out = set()
    for place, (number, wide) in enumerate(named):
        count = 2 if wide else 1
        if line.first == "HMMA":
            count = (4, 4, 2, 4)[min(place, 3)]
        elif line.first in ("STG", "STS", "ST", "REDG", "RED") and place == len(named) - 1:
            count = 4 if ".128" in line.name else 2 if ".64" in line.name else 1
        out.update(range(number, number + count))
    return out
