"""Joins what a kernel's blocks did with its machine code to the programs of a trace."""

import re

import weir_trace as weir
from triton_recording.compiled import locks, sass

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
    if name.startswith("mbarrier.try_wait"):
        return "bulkWait"
    if name.startswith(("bar.sync", "barrier.sync", "bar.red")):
        return "barrier"
    return None


class Script:
    """The order of one region's steps: ('work', mix), ('await',), ('mark', number), ('loop', index), ('products', count),
    ('productsWait', pending)."""

    def __init__(self, items, per_trip=1):
        self.items = items


class Plan:
    """How machine code and PTX of a kernel belong together: a script for the outer region and for each loop."""

    def __init__(self, kernel, code):
        self.kernel, self.code = kernel, code
        self.notes = []
        self.is_reduction = {}
        loops = kernel.loops
        self.spins = {index for index, (_, blocks) in enumerate(loops) if self._is_spin(blocks)}
        found = {index: locks.spinning_swap(kernel, blocks) for index, (_, blocks) in enumerate(loops)}
        self.polls = {index: swap.number for index, swap in found.items() if swap}  # loops that wait for a lock
        self.swaps = set(self.polls.values())
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
        self.chains = {region: self._chain(region) for region in self.children}
        self.match = {-1: (-1, 1)}
        self._match_loops(-1, -1)
        self.scripts = {region: self._script(region) for region in self.children if region not in self.spins}

    def _is_spin(self, blocks):
        """Whether a loop only waits for a barrier of bulk copies."""
        code = [one for block in blocks for one in self.kernel.instructions[slice(*self.kernel.blocks[block])]]
        return any("try_wait" in one.name for one in code) and len(code) <= 4

    def _region(self, block):
        return next(
            (
                index
                for index, (_, blocks) in enumerate(self.kernel.loops)
                if index not in self.spins and block in blocks
            ),
            -1,
        )

    def parent(self, loop):
        mine = self.kernel.loops[loop][1]
        return next(
            (
                index
                for index, (_, blocks) in enumerate(self.kernel.loops)
                if index != loop and index not in self.spins and mine < blocks
            ),
            -1,
        )

    def _chain(self, region):
        """A region and those around it, from the inside out; -1 is the whole block."""
        chain = [region]
        while chain[-1] != -1:
            chain.append(self.parent(chain[-1]))
        return chain

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
            if role and role not in ("barrier", "bulkWait"):
                out[role] = out.get(role, 0) + 1
        return out

    @staticmethod
    def _factor(source, machine):
        """How many trips of the source one of the machine's is; None where the two do not fit."""
        keys = {k for k in source if k not in ("commit", "wait", "bulkWait")}
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
        order = {role: [one for one in marks if role_of(one) == role] for role in {*sass.ROLES.values(), "bulkWait"}}
        roles = {role: [n for n in lines if n.role == role] for role in order}
        matched = {}
        unmatched = []
        for role, ones in order.items():
            if not ones:
                continue
            theirs = roles[role]
            if len(theirs) >= len(ones) * factor or role == "barrier" and theirs:
                for one, line in zip(ones, theirs):
                    matched[id(line)] = one
                unmatched += ones[len(theirs) :]
            else:
                unmatched += ones
                if role not in ("commit", "wait", "barrier", "bulkWait"):
                    self.notes.append(f"{len(ones)} of {role} in the source, {len(theirs)} in the machine code")
            if role == "atomic":
                for one, line in zip(ones, theirs):
                    self.is_reduction[one.number] = line.first.startswith("RED")
        if any(self.match.get(child, (0, 1))[1] > 1 for child in children):
            lines = self._without_rest(lines, {number for number, one in matched.items()})
        inner = {self.code.loops[self.match[c][0]][0]: c for c in children if c in self.match}
        skipped = sorted(c for c in children if c not in self.match)
        items, run = [], []
        starts = sorted(inner)
        # Products of a warp group run while its warps go on, unless one trip of the machine's stands for several.
        runs_on = factor == 1
        products = 0
        # Registers that loads of the trip before still fill.
        pending = self._pending(lines, set())
        for line in lines:
            while starts and line.address > starts[0]:
                self._flush(items, run, factor, runs_on)
                items.append(("loop", inner[starts.pop(0)]))
            if pending and sass.mentioned(line) & pending:
                self._flush(items, run, factor, runs_on)
                items.append(("await",))
                pending = set()
            one = matched.get(id(line))
            awaited = sass.awaited_products(line)
            if runs_on and awaited is not None:
                self._flush(items, run, factor, runs_on)
                items.append(("productsWait", min(awaited, 3)))
            run.append(line)
            if runs_on and sass.is_group_product(line):
                products += sass.products(line.name)
                if sass.ends_group(line):
                    self._flush(items, run, factor, runs_on)
                    items.append(("products", products))
                    products = 0
            if one is not None:
                self._flush(items, run, factor, runs_on)
                items.append(("mark", one.number))
            if line.role == "load" and line.first in ("LDG", "LD") or line.first in ("ATOMG", "ATOM"):
                pending |= sass.written(line)
        self._flush(items, run, factor, runs_on)
        for start in starts:
            items.append(("loop", inner[start]))
        for child in skipped:
            items.append(("loop", child))
        self._insert(items, unmatched, marks)
        if region == -1 and pending:
            items.append(("await",))
        return Script(self._guarded(items))

    @staticmethod
    def _guarded(items):
        """Work with the mark behind it, or else before it, in the same stretch: it is done as often as the mark is."""
        out = []
        for place, item in enumerate(items):
            if item[0] in ("work", "products"):
                behind = next((i for i in items[place + 1 :] if i[0] in ("mark", "loop")), None)
                before = next((i for i in reversed(items[:place]) if i[0] in ("mark", "loop")), None)
                guard = next((i[1] for i in (behind, before) if i and i[0] == "mark"), None)
                item = (item[0], item[1], guard)
            out.append(item)
        return out

    def _without_rest(self, lines, matched):
        """The lines without the blocks that do what an unrolled loop leaves over: copies of accesses of the loop's."""
        starts = {
            int(found, 16) for line in lines if line.first == "BRA" for found in re.findall(r"0x([0-9a-f]+)", line.text)
        }
        blocks, ends = [], True
        for line in lines:
            if ends or line.address in starts:
                blocks.append([])
            blocks[-1].append(line)
            ends = line.first in ("BRA", "EXIT", "BRX")
        kept = []
        for block in blocks:
            accesses = [line for line in block if line.role in ("load", "store", "copy", "atomic")]
            if not accesses or any(id(line) in matched for line in accesses):
                kept += block
        return kept

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
    def _flush(items, run, factor, runs_on=False):
        if run:
            counts = sass.mix(run)
            if runs_on:
                counts["products"] -= sum(sass.products(line.name) for line in run if sass.is_group_product(line))
            if factor > 1:
                counts = {k: v / factor for k, v in counts.items()}
            items.append(("work", counts))
            run.clear()

    @staticmethod
    def _insert(items, unmatched, marks):
        """Marks without a place of their own stand behind the mark before them in the source."""
        numbers = [one.number for one in marks]
        for one in sorted(unmatched, key=lambda o: o.number):
            before = numbers[: numbers.index(one.number)]
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
            header = kernel.target(one)
            region = next(
                (i for i, (first, _) in enumerate(kernel.loops) if first == header and i not in plan.spins), None
            )
            if region is None:
                continue
        chain = plan.chains[region]
        while stack[-1][0] not in chain:
            stack.pop()
        for loop in reversed(chain[: chain.index(stack[-1][0])]):
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
    """The steps of a group of blocks in order: ('access', instruction, kind, payload, rows), ('compute', numbers), ..."""

    def __init__(self, plan, root):
        self.plan, self.list = plan, []
        self.rest = dict.fromkeys(sass.FIELDS, 0.0)
        self.waiting = False
        self.groups = []  # barriers of the groups of bulk copies that were closed, in order; None once waited for
        self.open = None  # the barrier of the group that is open
        self._walk(-1, root)
        self._work()

    def _work(self):
        whole = {k: int(v) for k, v in self.rest.items()}
        if whole["instructions"] > 0:
            self.list.append(("compute", tuple(whole[k] for k in sass.FIELDS)))
            for k, v in whole.items():
                self.rest[k] -= v

    def _walk(self, region, node):
        for item in self.plan.scripts[region].items:
            what = item[0]
            if what == "work":
                times = 1 if item[2] is None else len(node.marks.get(item[2], ()))
                for k, v in item[1].items():
                    self.rest[k] += times * v
            elif what == "loop":
                for trip in node.loops.get(item[1], ()):
                    if not self._is_refused(item[1], trip):
                        self._walk(item[1], trip)
            elif what == "products":
                times = 1 if item[2] is None else len(node.marks.get(item[2], ()))
                if times:
                    self._work()
                    self.list.append(("products", times * item[1]))
            elif what == "productsWait":
                self._work()
                self.list.append(("productsWait", item[1]))
            elif what == "await":
                if self.waiting:
                    self._work()
                    self.list.append(("await",))
                    self.waiting = False
            else:
                for payload, rows in node.marks.get(item[1], ()):
                    self._mark(self.plan.kernel.instructions[item[1]], payload, rows)

    def _is_refused(self, loop, trip):
        """Whether a trip only found a lock taken. The simulation has its own polls for the time that the lock is."""
        done = trip.marks.get(self.plan.polls.get(loop), ())
        return bool(done) and all(isinstance(what, locks.Exchange) and what.is_refused(rows) for what, rows in done)

    def _close_bulk(self):
        if self.open is not None:
            self.list.append(("commit",))
            self.groups.append(self.open)
            self.open = None

    def _await_bulk(self, barrier):
        """Waits for the oldest group of bulk copies that signals a barrier."""
        self._close_bulk()
        if barrier in self.groups:
            at = self.groups.index(barrier)
            self._work()
            self.list.append(("groups", len(self.groups) - 1 - at))
            self.groups[: at + 1] = [None] * (at + 1)

    def _mark(self, one, payload, rows):
        role = role_of(one)
        if role == "bulkWait":
            return self._await_bulk(payload)
        if role == "bulkLoad":
            if self.open not in (None, payload[3][6]):
                self._close_bulk()
            self.open = payload[3][6]
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
