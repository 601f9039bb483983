import Trace

/// Warp instructions per warp of one block, divided by the place where they run.
package struct StageCosts: Equatable, Sendable {
    /// Before the main loop: addresses, leading loads and product.
    package let prologue: ComputeWork
    /// One trip of the main loop (or one chunk, for the state-passing kernels).
    package let trip: ComputeWork
    /// After the main loop: scaling, skip connection, stores.
    package let epilogue: ComputeWork

    /// The prologue up to the first copies, and the rest of it. The two parts are unequal, as are the parts of
    /// `stores`, because equal steps count as trips of one loop.
    let addresses: ComputeWork
    let lead: ComputeWork
    /// The epilogue, divided into the parts that stand before each part of a tile's store.
    let stores: [ComputeWork]

    package init(prologue: ComputeWork, trip: ComputeWork, epilogue: ComputeWork) {
        self.prologue = prologue
        self.trip = trip
        self.epilogue = epilogue
        (addresses, lead) = (prologue.part(from: 0, to: 55), prologue.part(from: 55, to: 100))
        stores = [(0, 40), (40, 64), (64, 84), (84, 100)].map { epilogue.part(from: $0.0, to: $0.1) }
    }
}
