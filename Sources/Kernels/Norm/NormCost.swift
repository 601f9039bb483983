import Foundation

/// Instructions per warp of the gated layer norm and of SwiGLU, added up from `NormPrices`.
enum NormCost {
    /// ln_gated_fwd in three stages: up to the loads of the row, the statistics, and everything from the loads of the
    /// weight on.
    ///
    /// - Parameter accesses: instructions that move x, z, the weight, the bias and y; 0 for what is absent.
    static func forward(shape: GatedNormShape, frame: RowFrame, accesses: [Double]) -> StageCosts {
        let elements = frame.elements
        let (x, z, weight, bias, y) = (accesses[0], accesses[1], accesses[2], accesses[3], accesses[4])
        let gate = { (mix: inout InstructionMix) in
            mix.addVector(z, elements: elements, type: shape.elementType, isLoad: true)
            mix.add(NormPrices.gate, times: elements)
        }
        var mix = StageMix()
        mix.prologue.add(NormPrices.normAddresses)
        mix.trip.addVector(x, elements: elements, type: shape.elementType, isLoad: true)
        if shape.gatesInput { gate(&mix.trip) }
        mix.trip.add(NormPrices.normStatistics)
        mix.trip.add(NormPrices.squareElement, times: elements)
        mix.trip.addBlockSum(warps: shape.warps)
        if !shape.isRMS {
            mix.trip.add(NormPrices.meanElement, times: elements)
            mix.trip.addBlockSum(warps: shape.warps)
            mix.trip.memory += 1
        }
        mix.trip.memory += 1
        mix.epilogue.addVector(weight, elements: elements, type: shape.parameterType, isLoad: true)
        if shape.hasBias {
            mix.epilogue.addVector(bias, elements: elements, type: shape.parameterType, isLoad: true)
            mix.epilogue.add(NormPrices.biasElement, times: elements)
        }
        if shape.gatesOutput { gate(&mix.epilogue) }
        mix.epilogue.add(NormPrices.normOutput)
        mix.epilogue.add(NormPrices.scaleElement, times: elements)
        mix.epilogue.addVector(y, elements: elements, type: shape.elementType, isLoad: false)
        return mix.costs
    }

    /// ln_gated_bwd in three stages: up to the loop, one row, and the partial sums after the loop.
    ///
    /// - Parameters:
    ///   - rowAccesses: instructions that move a row of x, dy, z, y, dz and dx; 0 for what is absent.
    ///   - parameterAccesses: instructions that move the weight and the bias; 0 for what is absent.
    ///   - sumAccesses: instructions that move one tensor of partial sums.
    ///   - changesLayout: whether the partial sums change layout on their way to memory.
    static func backward(
        shape: GatedNormShape, frame: RowFrame, rowAccesses: [Double], parameterAccesses: [Double], sumAccesses: Double,
        changesLayout: Bool
    ) -> StageCosts {
        let elements = frame.elements
        var mix = StageMix()
        mix.prologue.add(NormPrices.gradientAddresses)
        for accesses in parameterAccesses where accesses > 0 {
            mix.prologue.addVector(accesses, elements: elements, type: shape.parameterType, isLoad: true)
            mix.prologue.add(NormPrices.keptElement, times: elements)
        }

        for (index, accesses) in rowAccesses.enumerated() where accesses > 0 {
            mix.trip.addVector(accesses, elements: elements, type: shape.elementType, isLoad: index < 3)
        }
        mix.trip.add(NormPrices.gradientRow)
        mix.trip.add(NormPrices.gradientElement, times: elements)
        mix.trip.addBlockSum(warps: shape.warps)
        mix.trip.memory += 1
        if shape.hasGate { mix.trip.add(NormPrices.gateGradient, times: elements) }
        if !shape.isRMS {
            mix.trip.add(NormPrices.meanGradientElement, times: elements)
            mix.trip.addBlockSum(warps: shape.warps)
            mix.trip.memory += 1
        }
        if shape.hasBias { mix.trip.add(NormPrices.biasGradientElement, times: elements) }
        if shape.recomputesOutput {
            mix.trip.add(NormPrices.recomputedElement, times: elements * (shape.gatesOutput ? 2 : 1))
        }

        for _ in 0..<(shape.hasBias ? 2 : 1) {
            mix.epilogue.add(NormPrices.partialSums)
            mix.epilogue.add(NormPrices.partialSumElement, times: elements)
            mix.epilogue.memory += sumAccesses
            guard changesLayout else { continue }
            if shape.warps > 1 {
                mix.epilogue.memory += 2 * sumAccesses
            } else {
                mix.epilogue.shuffle += elements
            }
        }
        return mix.costs
    }

    /// swiglu_fwd and swiglu_bwd in two stages: up to the loads, and the rest. There is no loop.
    ///
    /// - Parameters:
    ///   - loads: instructions that move each of the loaded vectors.
    ///   - stores: instructions that move each of the stored vectors.
    ///   - isBackward: whether gradients are computed. Those of x and y are one stored vector each.
    static func swiglu(
        shape: SwigluShape, frame: RowFrame, loads: [Double], stores: [Double], isBackward: Bool
    ) -> StageCosts {
        let elements = frame.elements
        var mix = StageMix()
        mix.prologue.add(NormPrices.activationAddresses)
        for accesses in loads {
            mix.epilogue.addVector(accesses, elements: elements, type: shape.elementType, isLoad: true)
        }
        mix.epilogue.add(NormPrices.gate, times: elements)
        mix.epilogue.add(
            isBackward ? NormPrices.activationGradientElement : NormPrices.activationElement, times: elements)
        if isBackward { mix.epilogue.add(NormPrices.activationTensor, times: 2) }
        if shape.recomputesOutput, isBackward {
            mix.epilogue.add(NormPrices.activationTensor)
            mix.epilogue.add(NormPrices.recomputedElement, times: elements)
        }
        mix.epilogue.add(NormPrices.activationOutput)
        for accesses in stores {
            mix.epilogue.addVector(accesses, elements: elements, type: shape.elementType, isLoad: false)
        }
        return mix.costs
    }
}

extension InstructionMix {
    /// Adds a vector's accesses and the conversion of its elements to or from fp32.
    fileprivate mutating func addVector(_ accesses: Double, elements: Double, type: ElementType, isLoad: Bool) {
        memory += accesses
        if type.byteCount == 2 { add(isLoad ? NormPrices.unpack : NormPrices.pack, times: elements) }
        let whole = max(1, (elements * Double(type.byteCount) / 16).rounded(.up))
        add(NormPrices.narrowAccess, times: max(0, accesses - whole))
    }

    /// Adds a sum over all threads: shuffles within a warp, then shared memory and shuffles across warps.
    fileprivate mutating func addBlockSum(warps: Int) {
        shuffle += 5
        guard warps > 1 else { return }
        shuffle += log2(Double(warps))
        memory += 4
        add(NormPrices.blockSum)
    }
}
