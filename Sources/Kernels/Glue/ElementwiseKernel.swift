import Trace

/// fill, copy, add, add_strided and flip: one pass over the elements of an fp32 tensor, without a loop.
///
/// A block of 128 threads takes a run of elements. *Source:* grids, requests and sectors of
/// docs/validation/h200_glue.csv.
package struct ElementwiseKernel: WalkedKernel {
    /// How an operand's elements lie.
    enum Pattern {
        /// Side by side. A lane takes 16 bytes where the block is full, else four.
        case wide
        /// Side by side. A lane takes four bytes.
        case narrow
        /// This many elements apart.
        case strided(Int)
        /// In rows of this many elements, each read from its end.
        case reversed(Int)
        /// In runs of `length` elements side by side, `stride` elements from one run's start to the next.
        case runs(length: Int, stride: Int)
    }

    private struct Stream {
        let operand: Operand
        /// The access of a block that is not full.
        let partial: Operand
        let address: UInt64
        let pattern: Pattern
    }

    package let launch: KernelLaunch
    private let elements: Int
    private let perBlock: Int
    private let inputs: [Stream]
    private let output: Stream
    private let addresses: ComputeWork
    private let rest: ComputeWork
    /// `addresses` for a block that is not full.
    private let partialAddresses: ComputeWork
    private let partialRest: ComputeWork

    private typealias Argument = (name: String, view: TensorView, pattern: Pattern)

    private init(
        kernel: String, elements: Int, perThread: Int, registers: Int, inputs: [Argument], output: Argument,
        price: InstructionMix
    ) {
        let threads = 128
        self.elements = elements
        perBlock = threads * perThread
        var tensors: [Tensor] = []
        func stream(_ kind: AccessKind, _ argument: Argument) -> Stream {
            let known = tensors.firstIndex { $0.baseAddress == argument.view.allocationAddress }
            let tensor = known ?? tensors.count
            if known == nil { tensors.append(argument.view.tensor(named: argument.name)) }
            func operand(_ requests: RequestShape, pitchBytes: Int = 0) -> Operand {
                Operand(kind: kind, tensor: tensor, elementBytes: 4, requests: requests, pitchBytes: pitchBytes)
            }
            let narrow = operand(.lanes(32, bytes: 4))
            let whole =
                switch argument.pattern {
                case .wide: operand(.lanes(32, bytes: 16))
                case .narrow, .reversed, .runs: narrow
                case .strided(let stride):
                    operand(
                        RequestShape(rows: 32, lanesPerRow: 1, laneBytes: 4, laneStrideBytes: 4, replicas: 1),
                        pitchBytes: stride * 4)
                }
            let partial = if case .wide = argument.pattern { narrow } else { whole }
            return Stream(operand: whole, partial: partial, address: argument.view.address, pattern: argument.pattern)
        }
        self.inputs = inputs.map { stream(.load, $0) }
        self.output = stream(.store, output)
        let streams = Double(inputs.count + 1)
        var isVectorized = false
        if case .wide = output.pattern { isVectorized = true }
        var mix = price
        mix.memory += streams * Double(isVectorized ? perThread / 4 : perThread)
        let work = mix.work
        // The first part computes addresses. It has most of the instructions. A quarter follows the loads.
        addresses = work.part(from: 0, to: 75)
        rest = work.part(from: 75, to: 100)
        let lastPerThread = (elements % (threads * perThread)).dividedRoundingUp(by: threads)
        var last = price
        if isVectorized { last.add(GluePrices.partialBlock) }
        last.memory += streams * Double(max(1, lastPerThread))
        partialAddresses = last.work.part(from: 0, to: 75)
        partialRest = last.work.part(from: 75, to: 100)
        launch = KernelLaunch(
            kernel: kernel, grid: Grid(x: elements.dividedRoundingUp(by: perBlock)), threadsPerBlock: threads,
            registersPerThread: registers, sharedMemoryBytesPerBlock: 0, tensors: tensors)
    }

    /// Zeros over a whole tensor of 4-byte elements.
    package static func fill(_ name: String, _ view: TensorView) -> ElementwiseKernel {
        ElementwiseKernel(
            kernel: "fill", elements: view.allocationByteCount / 4, perThread: 8, registers: 16, inputs: [],
            output: (name, view, .wide), price: GluePrices.fill)
    }

    /// Zeros over runs of a tensor.
    static func fillRuns(_ name: String, _ output: WordRuns) -> ElementwiseKernel {
        ElementwiseKernel(
            kernel: "fill", elements: output.runs * output.length, perThread: output.isContiguous ? 8 : 4,
            registers: 16,
            inputs: [], output: argument(name, output, isWide: output.isContiguous),
            price: output.isContiguous ? GluePrices.fill : GluePrices.flip)
    }

    /// A copy of one tensor's runs into another's.
    static func copyRuns(_ input: (String, WordRuns), into output: (String, WordRuns)) -> ElementwiseKernel {
        let isWide = input.1.isContiguous && output.1.isContiguous
        return ElementwiseKernel(
            kernel: "copy", elements: output.1.runs * output.1.length, perThread: isWide ? 8 : 4, registers: 32,
            inputs: [argument(input.0, input.1, isWide: isWide)], output: argument(output.0, output.1, isWide: isWide),
            price: isWide ? GluePrices.add : GluePrices.flip)
    }

    private static func argument(_ name: String, _ runs: WordRuns, isWide: Bool) -> Argument {
        (name, runs.view, isWide ? .wide : .runs(length: runs.length, stride: runs.stride))
    }

    /// The sum of two tensors, in a third tensor or in place.
    package static func add(
        _ first: (String, TensorView), _ second: (String, TensorView), into output: (String, TensorView)
    ) -> ElementwiseKernel {
        ElementwiseKernel(
            kernel: "add", elements: output.1.allocationByteCount / 4, perThread: 8, registers: 32,
            inputs: [(first.0, first.1, .wide), (second.0, second.1, .wide)], output: (output.0, output.1, .wide),
            price: GluePrices.add)
    }

    /// Adds `addend` to the last element of each row of `rows` elements, in place.
    package static func addStrided(
        _ output: (String, TensorView), rowElements: Int, addend: (String, TensorView)
    ) -> ElementwiseKernel {
        var last = output.1
        last.offsetBytes += (rowElements - 1) * 4
        return ElementwiseKernel(
            kernel: "add_strided", elements: addend.1.allocationByteCount / 4, perThread: 2, registers: 18,
            inputs: [(output.0, last, .strided(rowElements)), (addend.0, addend.1, .narrow)],
            output: (output.0, last, .strided(rowElements)), price: GluePrices.addStrided)
    }

    /// Reverses each row of `rowElements` elements.
    package static func flip(
        _ input: (String, TensorView), rowElements: Int, into output: (String, TensorView)
    ) -> ElementwiseKernel {
        ElementwiseKernel(
            kernel: "flip", elements: output.1.allocationByteCount / 4, perThread: 4, registers: 18,
            inputs: [(input.0, input.1, .reversed(rowElements))], output: (output.0, output.1, .narrow),
            price: GluePrices.flip)
    }

    func walk<Sink: OperationSink>(block: Int, into sink: inout Sink) {
        let first = block * perBlock
        let count = min(perBlock, elements - first)
        let isWhole = count == perBlock
        sink.compute(isWhole ? addresses : partialAddresses)
        for input in inputs { access(input, first: first, count: count, sink: &sink) }
        if !inputs.isEmpty { sink.awaitLoads() }
        sink.compute(isWhole ? rest : partialRest)
        access(output, first: first, count: count, sink: &sink)
    }

    private func access<Sink: OperationSink>(_ stream: Stream, first: Int, count: Int, sink: inout Sink) {
        let operand = count == perBlock ? stream.operand : stream.partial
        func address(_ element: Int) -> UInt64 { stream.address + UInt64(element * 4) }
        switch stream.pattern {
        case .wide, .narrow: sink.access(operand, TileRegion(address: address(first), rows: 1, columns: count))
        case .strided(let stride):
            sink.access(operand, TileRegion(address: address(first * stride), rows: count, columns: 1))
        case .runs(let length, let stride):
            var place = first
            while place < first + count {
                let run = min(length - place % length, first + count - place)
                let start = place / length * stride + place % length
                sink.access(operand, TileRegion(address: address(start), rows: 1, columns: run))
                place += run
            }
        case .reversed(let row):
            // Whole rows hold the same elements in either order. A part of a row lies mirrored.
            var place = first
            while place < first + count {
                let column = place % row
                let left = first + count - place
                let run = column == 0 && left >= row ? left / row * row : min(row - column, left)
                let start = column == 0 && left >= row ? place : place - column + row - column - run
                sink.access(operand, TileRegion(address: address(start), rows: 1, columns: run))
                place += run
            }
        }
    }
}

extension RequestShape {
    /// A warp's lanes side by side along a row.
    static func lanes(_ count: Int, bytes: Int, rows: Int = 1) -> RequestShape {
        RequestShape(rows: rows, lanesPerRow: count, laneBytes: bytes, laneStrideBytes: bytes, replicas: 1)
    }
}
