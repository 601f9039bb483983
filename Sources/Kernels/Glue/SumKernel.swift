import Trace

/// sum and sum_inner: sums over one dimension of a tensor. A thread loads four elements at a time. Sums of 16-bit
/// elements are computed in fp32.
///
/// The outputs lie in rows of `innerOutputs`. In sum, the summed elements of neighbouring outputs lie side by side; in
/// sum_inner, those of one output do. Grid (outputs, blocks that share an output's elements). *Source:*
/// `ReductionPlan`.
package struct SumKernel: WalkedKernel {
    /// Where the elements of the sums lie. Distances are in elements.
    package struct Layout {
        /// The number of all sums, and of the sums in a run, whose elements lie side by side.
        var outputs: Int
        var innerOutputs: Int
        /// The number of elements of one sum, and the distance between them.
        var inputs: Int
        var inputStride: Int
        /// In sum, the distance from the elements of a run of `innerOutputs` sums to those of the next run. In
        /// sum_inner, the distance from one sum to the next.
        var outerStride: Int

        package init(outputs: Int, innerOutputs: Int, inputs: Int, inputStride: Int, outerStride: Int) {
            self.outputs = outputs
            self.innerOutputs = innerOutputs
            self.inputs = inputs
            self.inputStride = inputStride
            self.outerStride = outerStride
        }
    }

    package let launch: KernelLaunch
    private let layout: Layout
    private let plan: ReductionPlan
    private let isInner: Bool
    private let input: Operand
    private let output: Operand
    private let inputBytes: Int
    private let outputBytes: Int
    /// Neighbouring elements of a sum that a lane loads at once.
    private let laneElements: Int
    private let inputAddress: UInt64
    private let outputAddress: UInt64
    private let addresses: ComputeWork
    private let batch: ComputeWork
    private let rest: ComputeWork
    /// Where blocks share an output: the values that they leave for the last of them, and the counter of blocks that
    /// have done so. Nil where no blocks share one.
    private let staging: (values: Operand, load: Operand, count: Operand, view: TensorView)?
    /// What the last block computes for each value of another.
    private let other = InstructionMix(fma: 2, alu: 3, memory: 1, other: 4).work

    /// Loads that a thread makes before it adds them up.
    private static let loadsAtOnce = 4

    /// - Parameter isWhole: whether one sum takes all elements of a tensor without gaps. A lane then loads four
    ///   neighbouring elements at once.
    package init(
        _ input: (String, TensorView), layout: Layout, into output: (String, TensorView), isInner: Bool = false,
        isWhole: Bool = false, staging: TensorView, multiprocessorCount: Int
    ) {
        var layout = layout
        // Rows without a gap between them are one row.
        if layout.inputs == 1, layout.outerStride == layout.innerOutputs { layout.innerOutputs = layout.outputs }
        self.layout = layout
        self.isInner = isInner
        // A vector may not leave a row, and it starts at a multiple of its own width.
        let limits = [layout.innerOutputs, layout.outerStride, layout.inputs > 1 ? layout.inputStride : 4]
        let vector = isInner ? 1 : [4, 2].first { width in limits.allSatisfy { $0 % width == 0 } } ?? 1
        laneElements = isWhole && layout.inputs >= 128 ? 4 : 1
        let plan = ReductionPlan(
            outputs: layout.outputs, inputs: layout.inputs / laneElements, isInner: isInner, vector: vector,
            multiprocessorCount: multiprocessorCount)
        self.plan = plan
        inputBytes = input.1.elementType.byteCount
        outputBytes = output.1.elementType.byteCount
        inputAddress = input.1.address
        outputAddress = output.1.address
        let lanes = min(plan.width, 32)
        let bytes = inputBytes * vector
        var tensors = [input.1.tensor(named: input.0), output.1.tensor(named: output.0)]
        if isInner {
            self.input = Operand(
                kind: .load, tensor: 0, elementBytes: inputBytes,
                requests: .lanes(lanes, bytes: inputBytes * laneElements, rows: 32 / lanes),
                pitchBytes: layout.outerStride * inputBytes)
            self.output = .store(
                tensor: 1, elementBytes: outputBytes,
                requests: .lanes(plan.sumsRows ? 1 : 32 / lanes, bytes: outputBytes))
        } else {
            // Where runs have fewer outputs than a warp takes, several lie side by side in the warp.
            let across = plan.sumsRows ? lanes : min(32, max(1, layout.innerOutputs / vector))
            self.input = Operand(
                kind: .load, tensor: 0, elementBytes: inputBytes,
                requests: .lanes(across, bytes: bytes, rows: 32 / across),
                pitchBytes: (plan.sumsRows ? layout.inputStride : layout.outerStride) * inputBytes)
            self.output = .store(
                tensor: 1, elementBytes: outputBytes,
                requests: RequestShape(
                    rows: 1, lanesPerRow: 32, laneBytes: outputBytes, laneStrideBytes: outputBytes * vector, replicas: 1
                ))
        }
        if plan.blocksPerOutput > 1 {
            tensors.append(staging.tensor(named: "staging"))
            self.staging = (
                .store(tensor: 2, elementBytes: 4, requests: .lanes(lanes, bytes: 4 * vector)),
                Operand(
                    kind: .load, tensor: 2, elementBytes: 4, requests: .lanes(lanes, bytes: 4 * vector),
                    pitchBytes: plan.outputsPerBlock * 4),
                Operand(kind: .atomic, tensor: 2, elementBytes: 4, requests: .lanes(1, bytes: 4)), staging
            )
        } else {
            self.staging = nil
        }

        let perThread = Self.loadsPerThread(layout, plan, isInner: isInner).dividedRoundingUp(by: laneElements)
        var first = isInner ? GluePrices.sumInner : GluePrices.sum
        if layout.outputs > layout.innerOutputs, !isInner { first.add(GluePrices.sumDimension) }
        addresses = first.part(0.75).work
        var loads = InstructionMix()
        let together = Double(min(perThread, Self.loadsAtOnce))
        loads.add(GluePrices.sumElement, times: together * Double(laneElements))
        loads.memory += together
        batch = loads.work
        var last = first.part(0.25)
        last.memory += Double(vector)
        let rowSteps = plan.sumsRows ? plan.height.trailingZeroBitCount : 0
        last.add(GluePrices.sumHalving, times: Double(rowSteps))
        last.memory += Double(rowSteps * 2 * vector)
        if isInner {
            last.shuffle += Double(lanes.trailingZeroBitCount)
            last.other += Double(lanes.trailingZeroBitCount)
        }
        rest = last.work
        launch = KernelLaunch(
            kernel: isInner ? "sum_inner" : "sum", grid: Grid(x: plan.outputBlocks, y: plan.blocksPerOutput),
            threadsPerBlock: plan.threads, registersPerThread: vector == 1 ? 32 : 54,
            sharedMemoryBytesPerBlock: plan.sharedMemoryBytes,
            resourcesAreEstimated: vector == 2 || (vector == 1 && !isInner),
            tensors: tensors)
    }

    /// Elements of an output that a thread loads.
    private static func loadsPerThread(_ layout: Layout, _ plan: ReductionPlan, isInner: Bool) -> Int {
        layout.inputs.dividedRoundingUp(
            by: (isInner ? plan.width : 1) * (plan.sumsRows ? plan.height : 1) * plan.blocksPerOutput)
    }

    func walk<Sink: OperationSink>(block: Int, into sink: inout Sink) {
        let (outputBlock, share, _) = launch.grid.coordinates(of: block)
        let first = outputBlock * plan.outputsPerBlock
        let count = min(plan.outputsPerBlock, layout.outputs - first)
        sink.compute(addresses)
        if isInner {
            loadInner(first: first, count: count, share: share, sink: &sink)
        } else if plan.sumsRows {
            loadRows(first: first, count: count, share: share, sink: &sink)
        } else {
            loadRuns(first: first, count: count, sink: &sink)
        }
        sink.compute(rest)
        let result = TileRegion(address: outputAddress + UInt64(first * outputBytes), rows: 1, columns: count)
        guard let staging else { return sink.access(output, result) }
        // The block that comes last adds up the others' values. Blocks start in order, so the last one is among those
        // with the highest share.
        let slots = plan.blocksPerOutput * plan.outputsPerBlock
        let own = staging.view.address + UInt64((outputBlock * slots + share * plan.outputsPerBlock) * 4)
        sink.access(staging.values, TileRegion(address: own, rows: 1, columns: count))
        sink.atomicAdd(staging.count, TileRegion(address: staging.view.address, rows: 1, columns: 1))
        guard share == plan.blocksPerOutput - 1 else { return }
        // Its rows of threads take the others' values in turn. Each value is added before the next one is loaded.
        sink.awaitLoads()
        for first in stride(from: 0, to: plan.blocksPerOutput, by: plan.sumsRows ? plan.height : 1) {
            let rows = min(plan.sumsRows ? plan.height : 1, plan.blocksPerOutput - first)
            let start = staging.view.address + UInt64((outputBlock * slots + first * plan.outputsPerBlock) * 4)
            sink.access(staging.load, TileRegion(address: start, rows: rows, columns: count))
            sink.awaitLoads()
            sink.compute(other)
        }
        sink.access(output, result)
    }

    /// Loads outputs whose elements are divided among the block's rows of threads.
    private func loadRows<Sink: OperationSink>(first: Int, count: Int, share: Int, sink: inout Sink) {
        // Blocks that share an output take rows in turn, each as many as its height.
        let rows = plan.blocksPerOutput > 1 ? plan.height : plan.height * Self.loadsAtOnce
        var row = share * plan.height
        var pending = 0
        while row < layout.inputs {
            var place = first
            while place < first + count {
                let columns = min(layout.innerOutputs - place % layout.innerOutputs, first + count - place)
                load(output: place, element: row, rows: min(rows, layout.inputs - row), columns: columns, sink: &sink)
                place += columns
            }
            row += rows * plan.blocksPerOutput
            pending += rows / plan.height
            if pending >= Self.loadsAtOnce || row >= layout.inputs {
                finishBatch(&sink)
                pending = 0
            }
        }
    }

    /// Loads outputs of one or more runs. A thread loads its elements one after the other.
    private func loadRuns<Sink: OperationSink>(first: Int, count: Int, sink: inout Sink) {
        for element in 0..<layout.inputs {
            var place = first
            while place < first + count {
                let column = place % layout.innerOutputs
                let left = first + count - place
                let runs = column == 0 ? left / layout.innerOutputs : 0
                let columns = runs > 0 ? layout.innerOutputs : min(layout.innerOutputs - column, left)
                load(output: place, element: element, rows: max(1, runs), columns: columns, sink: &sink)
                place += max(1, runs) * columns
            }
            if element % Self.loadsAtOnce == Self.loadsAtOnce - 1 || element == layout.inputs - 1 { finishBatch(&sink) }
        }
    }

    /// Loads outputs whose elements lie across the lanes.
    private func loadInner<Sink: OperationSink>(first: Int, count: Int, share: Int, sink: inout Sink) {
        let across = plan.width * (plan.sumsRows ? plan.height : 1) * laneElements
        var column = share * across
        var pending = 0
        while column < layout.inputs {
            load(output: first, element: column, rows: count, columns: min(across, layout.inputs - column), sink: &sink)
            column += across * plan.blocksPerOutput
            pending += 1
            if pending == Self.loadsAtOnce || column >= layout.inputs {
                finishBatch(&sink)
                pending = 0
            }
        }
    }

    @inline(__always)
    private func load<Sink: OperationSink>(output: Int, element: Int, rows: Int, columns: Int, sink: inout Sink) {
        let start =
            isInner
            ? output * layout.outerStride + element
            : output / layout.innerOutputs * layout.outerStride + output % layout.innerOutputs + element
                * layout.inputStride
        sink.access(
            input,
            TileRegion(
                address: inputAddress + UInt64(start * inputBytes), rows: rows, columns: columns))
    }

    private func finishBatch<Sink: OperationSink>(_ sink: inout Sink) {
        sink.awaitLoads()
        sink.compute(batch)
    }
}

extension InstructionMix {
    /// This share of the mix.
    fileprivate func part(_ share: Double) -> InstructionMix {
        var mix = InstructionMix()
        mix.add(self, times: share)
        return mix
    }
}
