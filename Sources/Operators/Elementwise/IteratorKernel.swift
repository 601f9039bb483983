import Kernels
import Trace

/// An elementwise kernel of PyTorch's TensorIterator: one pass over the elements of its output.
struct IteratorKernel: BlockProgramSource, Sendable {
    private enum Access {
        /// Elements side by side in the order of the iteration.
        case dense
        /// Along the fastest dimension, a whole number of warps long, the elements keep one distance.
        case runs
        /// Any other order: each lane has an address of its own.
        case lanes
    }

    private struct Stream: Sendable {
        let kind: AccessKind
        let tensor: Int
        let address: UInt64
        let elementBytes: Int
        let access: Access
        /// Distances in bytes along each dimension.
        let strides: [Int]
        /// The accesses of a full block, of one that is not full, and of one element for a whole warp.
        let whole: Operand
        let partial: Operand
        let single: Operand
    }

    let launch: KernelLaunch
    private let count: Int
    private let perBlock: Int
    private let sizes: [Int]
    private let inputs: [Stream]
    private let output: Stream
    private let addresses: ComputeWork
    private let rest: ComputeWork
    private let partialAddresses: ComputeWork
    private let partialRest: ComputeWork

    /// - Parameters:
    ///   - name: what the kernel does, such as `add`.
    ///   - price: instructions of the function, an element.
    ///   - registers: of a vectorised kernel; nil where its type decides.
    init(
        _ name: String, output: OperatorTensor, inputs: [OperatorTensor], price: InstructionMix, registers: Int?,
        converts: Bool, places: TensorPlaces
    ) throws(OperatorDefect) {
        let operands = [output] + inputs
        let space = try IterationSpace(operands)
        let variant = IteratorVariant(
            space, operands.map { ($0.type, places.address(of: $0)) }, converts: converts)
        count = space.count
        perBlock = IteratorVariant.threads * variant.elementsPerThread
        sizes = space.sizes
        var entries = TensorEntries(places)
        var streams: [Stream] = []
        for (number, tensor) in operands.enumerated() {
            streams.append(
                Self.stream(
                    number == 0 ? .store : .load, tensor, number: number, space: space, variant: variant,
                    index: entries.index(of: tensor), address: places.address(of: tensor)))
        }
        self.output = streams[0]
        self.inputs = Array(streams.dropFirst())
        func work(_ elements: Double, isPartial: Bool) -> ComputeWork {
            IteratorPrices.work(
                variant, elements: elements, function: price, operands: operands.map(\.type),
                dimensions: space.sizes.count, converts: converts, isPartial: isPartial
            ).work
        }
        // The first part computes addresses. A quarter follows the loads, as in the framework's launches around SSD.
        let full = work(Double(variant.elementsPerThread), isPartial: false)
        addresses = full.part(from: 0, to: 75)
        rest = full.part(from: 75, to: 100)
        let left = (space.count % perBlock).dividedRoundingUp(by: IteratorVariant.threads)
        let last = work(Double(left), isPartial: true)
        partialAddresses = last.part(from: 0, to: 75)
        partialRest = last.part(from: 75, to: 100)
        launch = KernelLaunch(
            kernel: "\(name).\(variant.suffix)", grid: Grid(x: space.count.dividedRoundingUp(by: perBlock)),
            threadsPerBlock: IteratorVariant.threads,
            registersPerThread: Self.registers(variant, registers, operands), sharedMemoryBytesPerBlock: 0,
            tensors: entries.tensors)
    }

    /// *Source:* registers_per_thread of docs/validation/h200_operators_dev.csv.
    private static func registers(_ variant: IteratorVariant, _ given: Int?, _ operands: [OperatorTensor]) -> Int {
        switch variant {
        case .strided: 18
        case .unrolled: 32
        case .vectorized:
            operands.count == 1
                ? 16
                : operands[0].type.byteCount == 8
                    ? 38 : operands[0].type.isHalf && operands.count > 2 ? given ?? 32 : 32
        }
    }

    private static func stream(
        _ kind: AccessKind, _ tensor: OperatorTensor, number: Int, space: IterationSpace, variant: IteratorVariant,
        index: Int, address: UInt64
    ) -> Stream {
        let bytes = tensor.type.byteCount
        let strides = space.strides[number]
        let fastest = strides.first ?? bytes
        let access: Access =
            if space.count <= 1 || space.isDense(number) {
                .dense
            } else if space.sizes.count == 1 || space.sizes[0] % 32 == 0 {
                .runs
            } else {
                .lanes
            }
        func operand(lanes: Int, rows: Int = 1, laneBytes: Int, step: Int, pitch: Int = 0) -> Operand {
            Operand(
                kind: kind, tensor: index, elementBytes: bytes,
                requests: RequestShape(
                    rows: rows, lanesPerRow: lanes, laneBytes: laneBytes, laneStrideBytes: step, replicas: 1),
                pitchBytes: pitch)
        }
        let one = operand(lanes: 32, laneBytes: bytes, step: bytes)
        var whole = one
        if case .vectorized(let width) = variant {
            whole = operand(lanes: 32, laneBytes: min(16, width * bytes), step: width * bytes)
        } else if access == .runs, fastest != bytes {
            whole = operand(lanes: 1, rows: 32, laneBytes: bytes, step: bytes, pitch: fastest)
        }
        let partial = if case .vectorized = variant { one } else { whole }
        return Stream(
            kind: kind, tensor: index, address: address, elementBytes: bytes, access: access, strides: strides,
            whole: whole, partial: partial, single: operand(lanes: 1, laneBytes: bytes, step: bytes))
    }

    func loadProgram(ofBlock block: Int, into program: inout BlockProgram) {
        program.removeAll()
        let first = block * perBlock
        let here = min(perBlock, count - first)
        let isWhole = here == perBlock
        program.add(isWhole ? addresses : partialAddresses)
        for input in inputs { append(input, first: first, count: here, to: &program) }
        if !inputs.isEmpty { program.operations.append(.awaitLoads) }
        program.add(isWhole ? rest : partialRest)
        append(output, first: first, count: here, to: &program)
    }

    private func append(_ stream: Stream, first: Int, count: Int, to program: inout BlockProgram) {
        let operand = count == perBlock ? stream.whole : stream.partial
        switch stream.access {
        case .dense:
            program.add(
                operand,
                TileRegion(
                    address: stream.address &+ UInt64(first &* stream.elementBytes), rows: 1, columns: count))
        case .runs:
            var place = first
            while place < first + count {
                let run = min(sizes[0] - place % sizes[0], first + count - place)
                appendRun(stream, operand, at: offset(of: place, in: stream), count: run, to: &program)
                place += run
            }
        case .lanes:
            var place = first
            while place < first + count {
                let lanes = min(32, first + count - place)
                let start = program.laneAddresses.count
                for lane in 0..<lanes {
                    program.laneAddresses.append(stream.address &+ UInt64(offset(of: place &+ lane, in: stream)))
                }
                program.operations.append(
                    .lanes(
                        LaneAccess(
                            kind: stream.kind, tensor: stream.tensor, laneBytes: stream.elementBytes,
                            firstLane: start, laneCount: lanes)))
                place += lanes
            }
        }
    }

    /// Appends the accesses of `count` elements along the fastest dimension.
    private func appendRun(
        _ stream: Stream, _ operand: Operand, at offset: Int, count: Int, to program: inout BlockProgram
    ) {
        let address = stream.address &+ UInt64(offset)
        let fastest = stream.strides[0]
        if fastest == stream.elementBytes {
            program.add(operand, TileRegion(address: address, rows: 1, columns: count))
        } else if fastest == 0 {
            // All lanes of each warp ask for one element.
            for _ in 0..<count.dividedRoundingUp(by: 32) {
                program.add(stream.single, TileRegion(address: address, rows: 1, columns: 1))
            }
        } else {
            program.add(operand, TileRegion(address: address, rows: count, columns: 1))
        }
    }

    /// The distance in bytes of an element from the stream's first one.
    @inline(__always)
    private func offset(of element: Int, in stream: Stream) -> Int {
        var left = element
        var offset = 0
        var dimension = 0
        while dimension < sizes.count {
            let size = sizes[dimension]
            offset &+= left % size &* stream.strides[dimension]
            left /= size
            dimension &+= 1
        }
        return offset
    }
}
