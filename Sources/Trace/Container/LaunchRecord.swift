/// The plain bytes of a launch record: all fields of a `KernelLaunch`.
enum LaunchRecord {
    static func encode(_ launch: KernelLaunch) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendString(launch.kernel)
        for value in [
            launch.grid.x, launch.grid.y, launch.grid.z, launch.threadsPerBlock, launch.registersPerThread,
            launch.sharedMemoryBytesPerBlock,
        ] {
            bytes.appendVarint(UInt64(value))
        }
        bytes.append(launch.resourcesAreEstimated ? 1 : 0)
        bytes.appendString(launch.tiling)
        bytes.appendVarint(UInt64(launch.tensors.count))
        for tensor in launch.tensors {
            bytes.appendString(tensor.name)
            bytes.appendVarint(tensor.baseAddress)
            bytes.appendVarint(tensor.byteCount)
            bytes.appendString(tensor.elementType)
        }
        return bytes
    }

    static func decode(_ plain: [UInt8], blockCount: Int, place: TracePlace) throws(TraceError) -> KernelLaunch {
        var cursor = ByteCursor(plain, place: place)
        let kernel = try cursor.string("the kernel name")
        // `validate` reports what is beyond CUDA's limits, and names the limit.
        let largest = Int(Int32.max) * 2 + 1
        let x = try cursor.varint("grid x", atMost: largest)
        let y = try cursor.varint("grid y", atMost: largest)
        let z = try cursor.varint("grid z", atMost: largest)
        let threads = try cursor.varint("threads per block", atMost: largest)
        let registers = try cursor.varint("registers per thread", atMost: largest)
        let sharedMemory = try cursor.varint("shared memory per block", atMost: TraceLimits.sharedMemoryBytes)
        let flags = try cursor.byte()
        guard flags <= 1 else { throw cursor.malformed("the launch's flags", found: "\(flags)", expected: "0 or 1") }
        let tiling = try cursor.string("the tiling")
        let tensorCount = try cursor.varint("tensor count", atMost: TraceLimits.tensors)
        var tensors: [Tensor] = []
        for _ in 0..<tensorCount {
            let name = try cursor.string("a tensor's name")
            let base = try cursor.varint()
            let byteCount = try cursor.varint()
            let elementType = try cursor.string("a tensor's element type")
            tensors.append(Tensor(name: name, baseAddress: base, byteCount: byteCount, elementType: elementType))
        }
        try cursor.finish()
        let launch = KernelLaunch(
            kernel: kernel, grid: Grid(x: x, y: y, z: z), threadsPerBlock: threads, registersPerThread: registers,
            sharedMemoryBytesPerBlock: sharedMemory, resourcesAreEstimated: flags == 1, tiling: tiling, tensors: tensors
        )
        try TraceValidation.validate(launch, at: place)
        guard launch.grid.blockCount == blockCount else {
            throw .malformed(
                place, what: "block count in the record header", found: "\(blockCount)",
                expected: "\(launch.grid.blockCount), the grid's")
        }
        return launch
    }
}
