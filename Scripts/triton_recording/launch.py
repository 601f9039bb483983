"""A launch in progress: the places of its tensors, and the steps of its current block."""

import weakref

import weir_trace as weir

FIRST_ADDRESS = 1 << 32
PLACE_BYTES = 512  # allocations begin at multiples of this, as PyTorch's allocator places them


class Allocation:
    """Memory that tensors share, and its place on the imagined device."""

    def __init__(self, address, byte_count):
        self.address, self.byte_count = address, byte_count


class Allocations:
    """Places allocations in the order in which launches first see them. Freed places are not used again."""

    def __init__(self):
        self._next = FIRST_ADDRESS
        self._places = {}

    def place(self, storage):
        key = storage.data_ptr()
        found = self._places.get(key)
        if found is None or found.byte_count != storage.nbytes():
            found = self._places[key] = Allocation(self._next, storage.nbytes())
            self._next += -(-max(1, storage.nbytes()) // PLACE_BYTES) * PLACE_BYTES
            owner = getattr(storage, "base", storage)  # the object that lives as long as the memory
            weakref.finalize(owner, self._forget, key, found).atexit = False
        return found

    def _forget(self, key, allocation):
        """Frees the key, since memory that the host later gives out at the same place is another allocation."""
        if self._places.get(key) is allocation:
            del self._places[key]


class LaunchTensor:
    """An allocation during one launch: its place on the host, and the arguments that live in it."""

    def __init__(self, allocation, host):
        self.allocation, self.host, self.end = allocation, host, host + allocation.byte_count
        self.names, self.types = [], []


class Launch:
    """A launch in progress: its tensors, and the program of its current block."""

    def __init__(self, kernel, warps, meta):
        self.kernel, self.warps, self.meta = kernel, warps, meta
        self.tensors, self.by_host = [], {}
        self.grid, self.blocks_begun = None, 0
        self.waits = 1
        self.begin_program()

    def begin_program(self):
        self.steps = []  # the changes of the block's program when the block ends, in order
        self.runs = {}  # the widest run among accesses to tiles of one shape and order
        self.undivided = []  # accesses that wait for the widest run
        self.loads_pending, self.places = False, set()
        self.counts = dict.fromkeys(("fp32", "special", "alu", "products"), 0)

    def add_tensor(self, allocation, host, name, dtype):
        tensor = self.by_host.get(host)
        if tensor is None:
            tensor = self.by_host[host] = LaunchTensor(allocation, host)
            self.tensors.append(tensor)
        tensor.names.append(name)
        if dtype not in tensor.types:
            tensor.types.append(dtype)

    def wait(self):
        """Adds the steps before a use of loaded values: a wait for them, and the computation counted since the last wait."""
        if self.loads_pending:
            self.steps.append(weir.Program.await_loads)
        self.loads_pending = False
        self.waits += 1
        self.places.clear()
        self.flush()

    def flush(self):
        counts = self.counts
        if any(counts.values()):
            self.steps.append(lambda program: program.compute(sum(counts.values()), tensor=counts["products"], **counts))
            self.counts = dict.fromkeys(counts, 0)

    def add(self, access, keeps_own_run):
        """Adds an access. A load outside of loops is compiled with the widest run of all accesses like it, so that it is
        divided when the block ends. Loads in loops, stores and atomics keep their own run."""
        self.steps.append(access.append)
        if access.size == 1:
            return
        self.runs[access.like] = max(access.run, self.runs.get(access.like, 1))
        if keeps_own_run:
            access.divide(access.run)
        else:
            self.undivided.append(access)

    def finished_program(self):
        self.wait()
        for access in self.undivided:
            access.divide(self.runs[access.like])
        program = weir.Program()
        for step in self.steps:
            step(program)
        return program
