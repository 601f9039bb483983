import Trace

/// Warp instructions per warp of one block, by the place where they run.
package struct StageCosts: Equatable, Sendable {
    /// Before the main loop: addresses, leading loads and product.
    package var prologue: ComputeWork
    /// One trip of the main loop (or one chunk, for the state-passing kernels).
    package var trip: ComputeWork
    /// After the main loop: scaling, skip connection, stores.
    package var epilogue: ComputeWork

    package init(prologue: ComputeWork, trip: ComputeWork, epilogue: ComputeWork) {
        self.prologue = prologue
        self.trip = trip
        self.epilogue = epilogue
    }
}
