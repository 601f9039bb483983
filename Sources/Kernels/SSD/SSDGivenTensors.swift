/// Tensors of an SSD call that its caller has placed. Those that are nil stay where the call puts them.
package struct SSDGivenTensors: Sendable {
    /// Gradients that the caller hands in (`out`) or takes.
    package struct Gradients: Sendable {
        package var out: TensorView
        package var x: TensorView
        package var b: TensorView
        package var c: TensorView
        package var timeStep: TensorView?

        package init(out: TensorView, x: TensorView, b: TensorView, c: TensorView, timeStep: TensorView?) {
            self.out = out
            self.x = x
            self.b = b
            self.c = c
            self.timeStep = timeStep
        }
    }

    package var x: TensorView
    package var b: TensorView
    package var c: TensorView
    package var timeStep: TensorView?
    package var decayRate: TensorView
    package var skip: TensorView?
    package var timeStepBias: TensorView?
    package var z: TensorView?
    package var out: TensorView?
    package var gradients: Gradients?

    package init(x: TensorView, b: TensorView, c: TensorView, decayRate: TensorView) {
        self.x = x
        self.b = b
        self.c = c
        self.decayRate = decayRate
    }
}
