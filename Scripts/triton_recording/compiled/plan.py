"""Joins what a kernel's blocks did with its machine code to the programs of a trace."""

import re

import numpy as np

import weir_trace as weir
from triton_recording.compiled import sass

COPY_BYPASS, COPY_L1, BULK_LOAD, BULK_STORE = 2, 3, 6, 7


def vector(name):
    found = re.search(r"\.v(\d)\.", name)
    return int(found.group(1)) if found else 1


def width_of(one):
    """Bytes that a thread touches with an access."""
    if one.access == "copy":
        return int(one.operands[2], 0)
    found = re.findall(r"[usbf](8|16|32|64|128)\b|(f16x2|bf16x2)|(bf16)", one.name)
    bits = 32
    if found:
        number, pair, half = found[-1]
        bits = int(number) if number else 32 if pair else 16
    return vector(one.name) * bits // 8


def hint_of(one):
    name = one.name
    if "evict_first" in name or ".cs" in name:
        return weir.EVICT_FIRST
    if "evict_last" in name:
        return weir.EVICT_LAST
    if one.access == "load" and re.search(r"\.(cg|cv|volatile|relaxed|acquire)\b", name):
        return weir.BYPASS_L1
    return weir.NORMAL


def role_of(one):
    """What an instruction of PTX is to the machine code: see sass.ROLES."""
    if one.access:
        return "atomic" if one.access == "reduction" else one.access
    name = one.name
    if name.startswith("cp.async.commit_group"):
        return "commit"
    if name.startswith("cp.async.wait"):
        return "wait"
    if name.startswith(("bar.sync", "barrier.sync", "bar.red")):
        return "barrier"
    return None


class Script:
    """The order of one region's steps: ('work', mix), ('await',), ('mark', number), ('loop', index)."""

    def __init__(self, items, per_trip=1):
        self.items = items


class Plan:
    """How machine code and PTX of a kernel belong together: a script for the outer region and for each loop."""

    def __init__(self, kernel, code):
        self.kernel, self.code = kernel, code
        self.notes = []
        self.is_reduction = {}
        loops = kernel.loops
        self.spins = {index for index, (first, last) in enumerate(loops) if self._is_spin(first, last)}
        self.region = [self._region(block) for block in range(len(kernel.blocks))]
        self.children = {index: [] for index in range(-1, len(loops))}
        for index in range(len(loops)):
            if index not in self.spins:
                self.children[self.parent(index)].append(index)
        for index in self.children:
            self.children[index].sort(key=lambda i: loops[i][0])
        self.marks = {index: [] for index in range(-1, len(loops))}
        for one in kernel.instructions:
            if role_of(one):
                self.marks[self.region[one.block]].append(one)
        self.match = {-1: (-1, 1)}
        self._match_loops(-1, -1)
        self.scripts = {region: self._script(region) for region in self.children if region not in self.spins}

    def _is_spin(self, first, last):
        code = self.kernel.instructions[self.kernel.blocks[first][0]:self.kernel.blocks[last][1]]
        return any("try_wait" in one.name for one in code) and len(code) <= 4

    def _region(self, block):
        inner = -1
        for index, (first, last) in enumerate(self.kernel.loops):
            if index not in self.spins and first <= block <= last:
                if inner == -1 or last - first < self.kernel.loops[inner][1] - self.kernel.loops[inner][0]:
                    inner = index
        return inner

    def parent(self, loop):
        first, last = self.kernel.loops[loop]
        around = [i for i, (f, l) in enumerate(self.kernel.loops)
                  if i != loop and i not in self.spins and f <= first and last <= l]
        return min(around, key=lambda i: self.kernel.loops[i][1] - self.kernel.loops[i][0], default=-1)

    def _match_loops(self, region, mine):
        """Finds for each loop within a region the loop of the machine code, and how many trips one of its has."""
        code = self.code
        theirs = [i for i in range(len(code.loops)) if code.parent(i) == mine]
        theirs.sort(key=lambda i: code.loops[i][0])
        wanted = self.children[region]
        if not wanted:
            return
        at = 0
        for place, loop in enumerate(wanted):
            counts = self._counts([role_of(one) for one in self.marks[loop]])
            found = None
            for index in range(at, len(theirs)):
                their = self._counts([n.role for n in code.in_region(theirs[index])])
                factor = self._factor(counts, their)
                if factor:
                    # The longest of the machine's loops for the same one: others are what unrolling left over.
                    found = (index, factor)
                    for other in range(index + 1, len(theirs)):
                        again = self._factor(counts, self._counts([n.role for n in code.in_region(theirs[other])]))
                        is_next = place + 1 < len(wanted) and len(theirs) - other <= len(wanted) - place - 1
                        if again and again > found[1] and not is_next:
                            found = (other, again)
                    break
            if found is None and len(theirs) - at >= len(wanted) - place and len(theirs) > at:
                found = (at, 1)
                self.notes.append(f"loop {loop}: the machine code's accesses differ from the source's")
            if found:
                at = found[0] + 1
                self.match[loop] = (theirs[found[0]], found[1])
                self._match_loops(loop, theirs[found[0]])
            else:
                self.notes.append(f"loop {loop} is not in the machine code")

    @staticmethod
    def _counts(roles):
        out = {}
        for role in roles:
            if role and role != "barrier":
                out[role] = out.get(role, 0) + 1
        return out

    @staticmethod
    def _factor(source, machine):
        """How many trips of the source one of the machine's is; None where the two do not fit."""
        keys = {k for k in source if k not in ("commit", "wait")}
        if not keys:
            return 1 if not {k for k in machine if k not in ("commit", "wait")} else None
        if keys != {k for k in machine if k not in ("commit", "wait")}:
            return None
        factors = {machine[k] / source[k] for k in keys}
        factor = factors.pop()
        return int(factor) if not factors and factor >= 1 and factor == int(factor) else None

    def _script(self, region):
        marks = self.marks[region]
        children = self.children[region]
        if region not in self.match:
            return self._plain(region)
        mine, factor = self.match[region]
        lines = self.code.in_region(mine)
        order = {role: [one for one in marks if role_of(one) == role] for role in sass.ROLES.values()}
        roles = {role: [n for n in lines if n.role == role] for role in sass.ROLES.values()}
        matched = {}
        unmatched = []
        for role, ones in order.items():
            if not ones:
                continue
            theirs = roles[role]
            if len(theirs) >= len(ones) * factor or role == "barrier" and theirs:
                for one, line in zip(ones, theirs):
                    matched[id(line)] = one
                unmatched += ones[len(theirs):]
            else:
                unmatched += ones
                if role not in ("commit", "wait", "barrier"):
                    self.notes.append(f"{len(ones)} of {role} in the source, {len(theirs)} in the machine code")
            if role == "atomic":
                for one, line in zip(ones, theirs):
                    self.is_reduction[one.number] = line.first.startswith("RED")
        inner = {self.code.loops[self.match[c][0]][0]: c for c in children if c in self.match}
        skipped = sorted(c for c in children if c not in self.match)
        items, run, pending = [], [], set()
        starts = sorted(inner)
        total = max(1, factor)
        # Registers that loads of the trip before still fill.
        pending = self._pending(lines, set())
        for line in lines:
            while starts and line.address > starts[0]:
                self._flush(items, run, total)
                items.append(("loop", inner[starts.pop(0)]))
            if pending and line.role != "mark" and (sass.mentioned(line) & pending):
                self._flush(items, run, total)
                items.append(("await",))
                pending = set()
            one = matched.get(id(line))
            run.append(line)
            if one is not None:
                self._flush(items, run, total)
                items.append(("mark", one.number))
            if line.role == "load" and line.first in ("LDG", "LD") or line.first in ("ATOMG", "ATOM"):
                pending |= sass.written(line)
        self._flush(items, run, total)
        for start in starts:
            items.append(("loop", inner[start]))
        for child in skipped:
            items.append(("loop", child))
        self._insert(items, unmatched, marks)
        if region == -1 and pending:
            items.append(("await",))
        return Script(items)

    @staticmethod
    def _pending(lines, pending):
        pending = set(pending)
        for line in lines:
            if pending & sass.mentioned(line):
                pending = set()
            if line.role == "load":
                pending |= sass.written(line)
        return pending

    @staticmethod
    def _flush(items, run, factor):
        if run:
            counts = sass.mix(run)
            if factor > 1:
                counts = {k: v / factor for k, v in counts.items()}
            items.append(("work", counts))
            run.clear()

    @staticmethod
    def _insert(items, unmatched, marks):
        """Marks without a place of their own stand behind the mark before them in the source."""
        numbers = [one.number for one in marks]
        for one in sorted(unmatched, key=lambda o: o.number):
            before = numbers[:numbers.index(one.number)]
            place = len(items)
            for number in reversed(before):
                at = next((i for i, item in enumerate(items) if item == ("mark", number)), None)
                if at is not None:
                    place = at + 1
                    break
            else:
                place = 0
            items.insert(place, ("mark", one.number))

    def _plain(self, region):
        """A region that the machine code does not show: its marks, with a wait at its end."""
        items = [("mark", one.number) for one in self.marks[region]]
        for child in self.children[region]:
            items.append(("loop", child))
        return Script(items + [("await",)])


class Node:
    """One trip of a loop, or the whole block: what each instruction did, and the trips of inner loops."""

    __slots__ = ("marks", "loops")

    def __init__(self):
        self.marks, self.loops = {}, {}


def trips(plan, events):
    """The events of a group as a tree of trips."""
    kernel = plan.kernel
    root = Node()
    stack = [(-1, root)]
    for number, payload, rows in events:
        one = kernel.instructions[number]
        is_back = one.parts[0] == "bra"
        region = plan.region[one.block]
        if is_back:
            first = kernel.block_at[kernel.labels[one.operands[-1]]]
            region = next((i for i, (f, _) in enumerate(kernel.loops) if f == first and i not in plan.spins), None)
            if region is None:
                continue
        chain = []
        here = region
        while here != -1:
            chain.append(here)
            here = plan.parent(here)
        chain.append(-1)
        while stack[-1][0] not in chain:
            stack.pop()
        for loop in reversed(chain[:chain.index(stack[-1][0])]):
            node = Node()
            stack[-1][1].loops.setdefault(loop, []).append(node)
            stack.append((loop, node))
        if is_back:
            stack.pop()
            node = Node()
            stack[-1][1].loops[region].append(node)
            stack.append((region, node))
        else:
            stack[-1][1].marks.setdefault(number, []).append((payload, rows))
    return root


class Steps:
    """The steps of a group of blocks in order: ('access', instruction, payload, rows), ('compute', numbers) and others."""

    def __init__(self, plan, root):
        self.plan, self.list = plan, []
        self.rest = dict.fromkeys(sass.FIELDS, 0.0)
        self.waiting = False
        self.groups = []
        self._walk(-1, root)
        self._work()

    def _work(self):
        whole = {k: int(v) for k, v in self.rest.items()}
        if whole["instructions"] > 0:
            self.list.append(("compute", tuple(whole[k] for k in sass.FIELDS)))
            for k, v in whole.items():
                self.rest[k] -= v

    def _walk(self, region, node):
        seen = set()
        for item in self.plan.scripts[region].items:
            what = item[0]
            if what == "work":
                for k, v in item[1].items():
                    self.rest[k] += v
            elif what == "loop":
                for trip in node.loops.get(item[1], ()):
                    self._walk(item[1], trip)
            elif what == "await":
                if self.waiting:
                    self._work()
                    self.list.append(("await",))
                    self.waiting = False
            else:
                for payload, rows in node.marks.get(item[1], ()):
                    self._mark(self.plan.kernel.instructions[item[1]], payload, rows)

    def _mark(self, one, payload, rows):
        role = role_of(one)
        if role == "barrier":
            # A block's warps move together anyway, and its work between waits is one step, whose pipes overlap.
            return
        if role == "commit":
            self.list.append(("commit",))
        elif role == "wait":
            self._work()
            pending = int(one.operands[0], 0) if one.operands else 0
            self.list.append(("groups", pending))
        else:
            kind = one.access
            if kind == "atomic" and self.plan.is_reduction.get(one.number):
                kind = "reduction"
            if kind in ("load", "atomic"):
                self.waiting = True
            self.list.append(("access", one, kind, payload, rows))
