import Trace

/// What a tensor is to the kernels that take it: the argument's name in a family of kernels. Kernels that hand a tensor
/// to each other agree on one role. Each family names its roles beside its kernels.
package struct TensorRole: Hashable, Sendable {
    private let family: String
    private let argument: String

    package init(family: String, argument: String) {
        self.family = family
        self.argument = argument
    }
}

/// The tensors of a run in one address space. The first launch that names a role gives it a place, and the role keeps
/// that place.
package struct TensorBook: Sendable {
    private struct Place {
        var address: UInt64
        var byteCount: Int
    }

    private var memory: DeviceMemory
    private var places: [TensorRole: Place] = [:]
    private var given: [TensorRole: TensorView] = [:]

    /// - Parameter memory: where new tensors are allocated.
    package init(memory: DeviceMemory = DeviceMemory()) {
        self.memory = memory
    }

    /// First address behind everything that the book has handed out. The launches' local memory lies there.
    package var end: UInt64 { memory.nextSegment }

    /// Makes new tensors lie behind an address, and behind the tensors that are there.
    package mutating func reserve(behind address: UInt64) {
        memory = DeviceMemory(behind: max(address, end))
    }

    /// Gives a role to a tensor that other kernels have allocated outside this book's memory.
    package mutating func enter(_ view: TensorView, as role: TensorRole) {
        places[role] = Place(address: view.allocationAddress, byteCount: view.allocationByteCount)
    }

    /// Makes a tensor the role's, with its own strides, whatever strides a launch asks for.
    package mutating func give(_ view: TensorView, as role: TensorRole) { given[role] = view }

    /// Where the role's tensor of `byteCount` bytes lies. A tensor of another size gets a new place.
    package mutating func address(of role: TensorRole, byteCount: Int) -> UInt64 {
        if let place = places[role], place.byteCount == byteCount { return place.address }
        let place = Place(address: memory.allocate(byteCount: byteCount), byteCount: byteCount)
        places[role] = place
        return place.address
    }

    /// The role's tensor of `elements` values, seen with these strides in elements.
    package mutating func view(
        _ role: TensorRole, elements: Int, type: ElementType, batchStride: Int = 0, headStride: Int = 0,
        rowStride: Int = 0
    ) -> TensorView {
        if let view = given[role] { return view }
        let bytes = elements * type.byteCount
        return TensorView(
            allocationAddress: address(of: role, byteCount: bytes), allocationByteCount: bytes, elementType: type,
            batchStride: batchStride, headStride: headStride, rowStride: rowStride)
    }
}
