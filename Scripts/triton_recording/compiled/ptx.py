"""Reads PTX, as Triton makes it, into basic blocks, and finds the instructions that decide addresses and branches."""

import functools
import re
from dataclasses import dataclass, field

REGISTER = re.compile(r"%[a-zA-Z_]\w*(?:\.[xyz])?")
SPECIAL = (
    "%tid.",
    "%ntid.",
    "%ctaid.",
    "%nctaid.",
    "%laneid",
    "%warpid",
    "%clock",
    "%globaltimer",
    "%smid",
    "%nsmid",
    "%cluster",
    "%is_explicit",
    "%lanemask",
    "%envreg",
    "%dynamic_smem",
    "%total_smem",
    "%aggr_smem",
    "%gridid",
    "%nwarpid",
    "%pm",
    "%reserved",
)
# Instructions whose first operand is no result.
NO_RESULT = (
    "st",
    "red",
    "bar",
    "barrier",
    "bra",
    "ret",
    "exit",
    "trap",
    "fence",
    "membar",
    "stmatrix",
    "prefetch",
    "prefetchu",
    "griddepcontrol",
    "nanosleep",
    "tensormap",
    "brkpt",
    "pmevent",
    "setmaxnreg",
    "applypriority",
    "discard",
    "createpolicy_none",
    "tcgen05_none",
)


@dataclass
class Instruction:
    """One statement: `@%p1 ld.global.v4.b32 {%r1,...}, [%rd1 + 0];`."""

    number: int
    name: str  # the whole opcode, such as ld.global.v4.b32
    predicate: tuple  # (register, whether it is negated), or None
    operands: list  # text of each
    line: tuple  # (file number, line, column) of the source
    block: int = 0
    results: list = field(default_factory=list)
    sources: list = field(default_factory=list)

    @property
    def parts(self):
        return self.name.split(".")

    @property
    def access(self):
        """What it does to global memory: load, store, copy, reduction, atomic, bulkLoad, bulkStore, or None."""
        name, parts = self.name, self.parts
        if parts[0] == "cp" and parts[1] == "async":
            if len(parts) > 2 and parts[2] == "bulk":
                if "tensor" not in parts and "global" not in name:
                    return None
                if parts[-1] in ("commit_group",) or "wait_group" in name or "commit_group" in name:
                    return None
                if "prefetch" in parts:
                    return None
                to_shared = name.find("shared") < name.find("global")
                return "bulkLoad" if to_shared else "bulkStore"
            return "copy" if "shared" in parts and "global" in parts else None
        if "global" not in parts and not (
            len(parts) > 1 and parts[0] in ("ld", "st", "atom", "red") and self._is_generic
        ):
            return None
        return {"ld": "load", "ldu": "load", "st": "store", "red": "reduction", "atom": "atomic"}.get(parts[0])

    @property
    def _is_generic(self):
        return not any(p in self.parts for p in ("shared", "param", "local", "const", "shared::cta", "shared::cluster"))


def _split(text):
    """Operands, divided at commas outside of brackets."""
    parts, depth, start = [], 0, 0
    for at, letter in enumerate(text):
        if letter in "[{(":
            depth += 1
        elif letter in "]})":
            depth -= 1
        elif letter == "," and depth == 0:
            parts.append(text[start:at].strip())
            start = at + 1
    last = text[start:].strip()
    return parts + [last] if last else parts


def registers(text):
    return [r for r in REGISTER.findall(text) if not r.startswith(SPECIAL)]


class Kernel:
    """The instructions of one kernel, its parameters and its basic blocks."""

    def __init__(self, text):
        self.name = re.search(r"\.entry\s+([\w$]+)", text).group(1)
        start = text.index(".entry")
        head = text[start : text.index("\n{", start)]
        self.parameters = []  # (name, bytes)
        for kind, rest in re.findall(r"\.param\s+(?:\.align\s+\d+\s+)?\.(\w+)\s+([^,)\n]+)", head):
            name = re.search(r"([\w$]+)(\[(\d+)\])?\s*$", rest.strip())
            size = int(name.group(3)) if name.group(3) else int(kind[1:]) // 8
            self.parameters.append((name.group(1), size))
        threads = re.search(r"\.(?:reqntid|maxntid)\s+(\d+)(?:,\s*(\d+))?(?:,\s*(\d+))?", text[start:])
        self.threads = int(threads.group(1)) * int(threads.group(2) or 1) * int(threads.group(3) or 1)
        self.instructions, self.labels = [], {}
        self._read(text[text.index("\n{", start) + 2 :])
        self._divide()

    def _read(self, body):
        line, scope, names = (0, 0, 0), 0, [{}]
        body = re.sub(r"//[^\n]*", "", body)
        # Directives that end with a line, not with a semicolon.
        pieces = re.split(r"(;|\n)", body)
        text = ""
        for piece in pieces:
            if piece == ";":
                self._statement(text.strip(), line, names)
                text = ""
                continue
            if piece == "\n":
                text += " "
                continue
            while True:
                bare = piece.strip() if not text.strip() else None
                if bare is None:
                    break
                location = re.match(r"\.loc\s+(\d+)\s+(\d+)\s+(\d+)", bare)
                if location:
                    line = tuple(int(n) for n in location.groups())
                    piece = ""
                    break
                label = re.match(r"([$\w]+):(?!:)", bare)
                if label:
                    self._label(label.group(1), names)
                    piece = bare[label.end() :]
                    continue
                if bare.startswith("{"):
                    scope += 1
                    names.append({"#": scope})
                    piece = bare[1:]
                    continue
                if bare.startswith("}"):
                    if len(names) == 1:
                        return
                    names.pop()
                    piece = bare[1:]
                    continue
                if bare.startswith(
                    (".file", ".section", ".pragma", ".b8", ".b32", ".b64", ".debug")
                ) and not bare.startswith(".pragma"):
                    piece = ""
                break
            text += piece

    def _label(self, name, names):
        if len(names) > 1 and not name.startswith("$"):
            name = f"{name}#{names[-1]['#']}"
        self.labels[name] = len(self.instructions)

    def _statement(self, text, line, names):
        if not text or text.startswith(
            (".pragma", ".loc", ".file", ".section", ".extern", ".shared", ".branchtargets")
        ):
            return
        declared = re.match(r"\.reg\s+\.\w+\s+(.*)", text)
        if declared:
            if len(names) > 1:
                for name in declared.group(1).split(","):
                    name = re.match(r"[%\w$]+", name.strip()).group()
                    names[-1][name] = f"%{name.lstrip('%')}_s{names[-1]['#']}"
            return
        for scope in names[1:]:
            for name, unique in scope.items():
                if name != "#":
                    text = re.sub(rf"(?<![\w%$.]){re.escape(name)}(?![\w$])", unique, text)
        predicate = None
        guarded = re.match(r"@(!?)(%\w+)\s+", text)
        if guarded:
            predicate = (guarded.group(2), bool(guarded.group(1)))
            text = text[guarded.end() :]
        name, _, rest = text.partition(" ")
        if "\t" in name:
            name, _, more = name.partition("\t")
            rest = more + " " + rest
        operands = _split(rest.strip())
        if name.split(".")[0] == "bra" and len(names) > 1 and not operands[-1].startswith("$"):
            operands[-1] = f"{operands[-1]}#{names[-1]['#']}"
        one = Instruction(len(self.instructions), name, predicate, operands, line)
        first = name.split(".")[0]
        result = []
        rest_of = operands
        asynchronous = first == "cp" or first == "mbarrier" and "wait" not in name
        if first == "wgmma":
            if "mma_async" in name:
                result = registers(operands[0])
                rest_of = operands
            else:
                rest_of = []
        elif first not in NO_RESULT and not asynchronous and operands:
            result = registers(operands[0])
            rest_of = operands[1:]
        one.results = result
        one.sources = [r for operand in rest_of for r in registers(operand)]
        if predicate:
            one.sources = [predicate[0]] + one.sources
            if result:
                one.sources += result  # what is not written keeps its value
        self.instructions.append(one)

    def _divide(self):
        """Basic blocks: (first, behind the last), where each goes, and loops by their back edges."""
        code, starts = self.instructions, {0}
        starts.update(self.labels[one.operands[-1]] for one in code if one.parts[0] == "bra")
        for one in code:
            if one.parts[0] in ("bra", "ret", "exit"):
                starts.add(one.number + 1)
        starts = sorted(s for s in starts if s < len(code))
        self.blocks = list(zip(starts, starts[1:] + [len(code)]))
        of = {start: index for index, (start, _) in enumerate(self.blocks)}
        for index, (start, end) in enumerate(self.blocks):
            for one in code[start:end]:
                one.block = index
        self.block_at = of
        self.loops = self._natural_loops()

    def _natural_loops(self):
        """(header, blocks) of each loop, inner loops before outer ones. Branches back to one header are one loop."""
        after = [self._successors(block) for block in range(len(self.blocks))]
        before = [set() for _ in self.blocks]
        for block, targets in enumerate(after):
            for target in targets:
                before[target].add(block)
        found = {}
        for block, targets in enumerate(after):
            for header in targets:
                if header <= block:
                    body, waiting = found.setdefault(header, {header}), [block]
                    while waiting:
                        here = waiting.pop()
                        if here not in body:
                            body.add(here)
                            waiting.extend(before[here])
        loops = {}
        for header, body in sorted(found.items()):
            loops.setdefault(frozenset(body), header)  # two headers of the same blocks are one loop
        return sorted(((header, body) for body, header in loops.items()), key=lambda loop: (len(loop[1]), loop[0]))

    def _successors(self, block):
        start, end = self.blocks[block]
        last = self.instructions[end - 1]
        targets = []
        if last.parts[0] == "bra":
            targets.append(self.target(last))
        if last.parts[0] not in ("ret", "exit", "bra") or last.parts[0] == "bra" and last.predicate:
            targets.append(block + 1)
        return [target for target in targets if target < len(self.blocks)]

    def target(self, one):
        at = self.labels[one.operands[-1]]
        return self.block_at.get(at, len(self.blocks))

    @functools.cached_property
    def needed(self):
        """Numbers of the instructions that decide which memory is touched and which way is taken.

        A branch decides nothing if it only passes by instructions without accesses, barriers and loops that nothing of
        the slice needs; `skips` then holds its number.
        """
        writers = {}
        for one in self.instructions:
            for register in one.results:
                writers.setdefault(register, []).append(one)
        stores = [one for one in self.instructions if one.parts[0] in ("st", "stmatrix") and "shared" in one.name]
        needed, wanted = set(), []

        def want(names):
            for name in names:
                for writer in writers.get(name, ()):
                    if writer.number not in needed:
                        needed.add(writer.number)
                        wanted.append(writer)

        for one in self.instructions:
            if one.access:
                want(self.address_sources(one))
            elif one.name.startswith("mbarrier.try_wait"):
                want(registers(one.operands[1]))
        self.skips = {one.number for one in self.instructions if self._passes_by(one)}
        atomics = [one for one in self.instructions if one.access == "atomic"]
        has_stores = has_atomics = False
        while True:
            for one in self.instructions:
                if one.parts[0] == "bra" and one.predicate and one.number not in self.skips:
                    want([one.predicate[0]])
            while wanted:
                one = wanted.pop()
                want(one.sources)
                if not has_atomics and one.access == "atomic":
                    # A lock is released by another atomic than the one that takes it.
                    has_atomics = True
                    for other in atomics:
                        needed.add(other.number)
                        wanted.append(other)
                if not has_stores and "shared" in one.name and one.parts[0] in ("ld", "ldmatrix"):
                    has_stores = True
                    for store in stores:
                        needed.add(store.number)
                        wanted.append(store)
            deciding = {
                number
                for number in self.skips
                if any(n in needed for n in range(number + 1, self.labels[self.instructions[number].operands[-1]]))
            }
            if not deciding:
                return needed
            self.skips -= deciding

    def _passes_by(self, one):
        if one.parts[0] != "bra" or not one.predicate:
            return False
        end = self.labels[one.operands[-1]]
        if end <= one.number:
            return False
        for other in self.instructions[one.number + 1 : end]:
            if other.access or other.parts[0] in ("ret", "exit", "bar", "barrier"):
                return False
            if other.parts[0] == "bra" and not other.number < self.labels[other.operands[-1]] <= end:
                return False
        return True

    @staticmethod
    def address_sources(one):
        names = [one.predicate[0]] if one.predicate else []
        if one.access == "copy":
            for operand in one.operands[1:]:
                names += registers(operand)
        elif one.access in ("bulkLoad", "bulkStore"):
            for operand in one.operands:
                names += registers(operand)
        else:
            for operand in one.operands:
                if operand.startswith("["):
                    names += registers(operand)
        return names
