import Trace

/// Tells to which memory an address belongs. It knows the windows of shared and local memory in the generic address
/// space, and the tensors.
struct AddressSpaces {
    /// Length of the window of shared memory, and of the window of local memory. *Source:* CUDA's generic addressing
    /// since Volta.
    private static let windowBytes: UInt64 = 1 << 24

    /// Bases of the windows. They are 0 where the trace does not give them. Generic accesses are then taken for shared
    /// memory's.
    var sharedBase: UInt64 = 0
    var localBase: UInt64 = 0
    /// Known allocations, sorted by address and without overlap, followed by all other memory.
    private(set) var tensors: [Tensor] = [AddressSpaces.otherMemory]

    /// Allocations that were noted since `settle`.
    private var noted: [(start: UInt64, end: UInt64)] = []
    /// Number of allocations beyond the number of tensors that a launch may have. Their accesses count as other
    /// memory's.
    private(set) var leftOut: UInt64 = 0
    private static let noteLimit = 1 << 20
    private static let tensorLimit = TraceLimits.tensors - 1
    private static let otherMemory = Tensor(name: "other", baseAddress: 0, byteCount: 0, elementType: "u8")

    enum Space {
        case global, shared, local
    }

    /// The space of a generic access, told by its first address. The rule is Accel-Sim's. *Source:* its
    /// trace_driven.cc.
    @inline(__always)
    func space(of address: UInt64) -> Space {
        guard sharedBase != 0, localBase != 0 else { return .shared }
        let sharedEnd = localBase > sharedBase ? localBase : sharedBase &+ Self.windowBytes
        if address >= sharedBase, address < sharedEnd { return .shared }
        if address >= localBase, address &- localBase < Self.windowBytes { return .local }
        return .global
    }

    /// Whether an operand's address belongs to shared memory: an offset in it, or an address in its window.
    @inline(__always)
    func isShared(_ address: UInt64) -> Bool {
        address < Self.windowBytes || sharedBase != 0 && address &- sharedBase < Self.windowBytes
    }

    /// The number of the tensor that holds `address`, or the number of all other memory.
    @inline(__always)
    func tensor(of address: UInt64) -> Int {
        var (low, high) = (0, tensors.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if tensors[middle].baseAddress <= address { low = middle + 1 } else { high = middle }
        }
        guard low > 0, address &- tensors[low - 1].baseAddress < tensors[low - 1].byteCount else {
            return tensors.count - 1
        }
        return low - 1
    }

    /// Notes an allocation. `settle` makes tensors of all that were noted.
    mutating func add(base: UInt64, byteCount: UInt64) {
        guard byteCount > 0 else { return }
        noted.append((base, base + byteCount))
        if noted.count >= Self.noteLimit { settle() }
    }

    /// Joins allocations that overlap and makes a tensor of each result.
    mutating func settle() {
        guard !noted.isEmpty else { return }
        noted += tensors.dropLast().map { ($0.baseAddress, $0.baseAddress + $0.byteCount) }
        noted.sort { ($0.start, $0.end) < ($1.start, $1.end) }
        var joined: [(start: UInt64, end: UInt64)] = []
        for range in noted {
            if let last = joined.last, range.start < last.end {
                joined[joined.count - 1].end = max(last.end, range.end)
            } else {
                joined.append(range)
            }
        }
        noted.removeAll()
        leftOut += UInt64(max(0, joined.count - Self.tensorLimit))
        tensors =
            joined.prefix(Self.tensorLimit).map {
                Tensor(
                    name: "copy.\(String($0.start, radix: 16))", baseAddress: $0.start, byteCount: $0.end - $0.start,
                    elementType: "u8")
            } + [Self.otherMemory]
    }
}
