import Trace

/// Tells the memory of an address: the windows of shared and local memory in the generic address space, and the tensors.
struct AddressSpaces {
    /// Length of the window of shared memory and of that of local memory. *Source:* CUDA's generic addressing since Volta.
    private static let windowBytes: UInt64 = 1 << 24

    /// Bases of the windows; 0 where the trace does not say, and then generic accesses are shared memory's.
    var sharedBase: UInt64 = 0
    var localBase: UInt64 = 0
    /// What is known to be allocated, by address and without overlap, then all other memory.
    private(set) var tensors: [Tensor] = [AddressSpaces.otherMemory]

    private static let otherMemory = Tensor(name: "other", baseAddress: 0, byteCount: 0, elementType: "u8")

    enum Space {
        case global, shared, local
    }

    /// The space of a generic access, by its first address. *Source:* Accel-Sim's trace_driven.cc, whose rule this is.
    @inline(__always)
    func space(of address: UInt64) -> Space {
        guard sharedBase != 0, localBase != 0 else { return .shared }
        let sharedEnd = localBase > sharedBase ? localBase : sharedBase &+ Self.windowBytes
        if address >= sharedBase, address < sharedEnd { return .shared }
        if address >= localBase, address &- localBase < Self.windowBytes { return .local }
        return .global
    }

    /// The number of the tensor that holds `address`, or of the rest.
    @inline(__always)
    func tensor(of address: UInt64) -> Int {
        var (low, high) = (0, tensors.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if tensors[middle].baseAddress <= address { low = middle + 1 } else { high = middle }
        }
        guard low > 0, address &- tensors[low - 1].baseAddress < tensors[low - 1].byteCount else { return tensors.count - 1 }
        return low - 1
    }

    /// Takes note of an allocation; one that overlaps with those known is joined with them.
    mutating func add(base: UInt64, byteCount: UInt64) {
        guard byteCount > 0, base.addingReportingOverflow(byteCount).overflow == false else { return }
        var (start, end) = (base, base + byteCount)
        var known = tensors.dropLast().filter { tensor in
            let tensorEnd = tensor.baseAddress + tensor.byteCount
            guard tensor.baseAddress < end, start < tensorEnd else { return true }
            (start, end) = (min(start, tensor.baseAddress), max(end, tensorEnd))
            return false
        }
        guard known.count < TraceLimits.tensors - 1 else { return }
        let place = known.firstIndex { $0.baseAddress > start } ?? known.endIndex
        known.insert(
            Tensor(name: "copy.\(String(start, radix: 16))", baseAddress: start, byteCount: end - start, elementType: "u8"), at: place)
        tensors = known + [Self.otherMemory]
    }
}
