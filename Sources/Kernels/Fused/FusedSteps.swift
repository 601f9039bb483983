import Trace

/// The compute steps of ssd_fused as its programs have them.
struct FusedSteps {
    /// A step in parts. Memory operations or barriers stand between the parts.
    typealias Parts = [ComputeWork]

    /// A trip of a loop in three parts: the issue of its loads, the way of its operands to shared memory, and its
    /// product.
    struct Trip {
        let ahead: ComputeWork
        let tiles: ComputeWork
        let product: ComputeWork
    }

    let entry: Parts
    let timeSteps: Parts
    let productSetup: ComputeWork
    let productTrip: Trip
    let productStore: Parts
    let release: ComputeWork
    let chunkSetup: ComputeWork
    let stateFrame: Parts
    let stateTrip: Trip
    let chainPoll: ComputeWork
    let statePassing: Parts
    let stateRelease: ComputeWork
    let scanSetup: ComputeWork
    let rowDecay: ComputeWork
    let leadingTrip: Trip
    let scanTrip: Trip
    let rowStore: Parts

    init(_ cost: FusedCost) {
        func parts(_ mix: InstructionMix, _ ends: Int...) -> Parts {
            let work = mix.work
            return zip([0] + ends, ends + [100]).map { work.part(from: $0, to: $1) }
        }
        func trip(_ mixes: FusedCost.Trip) -> Trip {
            Trip(ahead: mixes.ahead.work, tiles: mixes.tiles.work, product: mixes.product.work)
        }
        entry = parts(cost.entry, 70)
        // The parts: addresses, softplus, the scan of the sums, and what follows their store.
        timeSteps = parts(cost.timeSteps, 10, 55, 97)
        productSetup = cost.productSetup.work
        productTrip = trip(cost.productTrip)
        productStore = parts(cost.productStore, 70)
        release = cost.release.work
        chunkSetup = cost.chunkSetup.work
        stateFrame = parts(cost.stateFrame, 55)
        stateTrip = trip(cost.stateTrip)
        chainPoll = cost.chainPoll.work
        statePassing = parts(cost.statePassing, 25, 70)
        stateRelease = cost.stateRelease.work
        scanSetup = cost.scanSetup.work
        rowDecay = cost.rowDecay.work
        leadingTrip = trip(cost.leadingTrip)
        scanTrip = trip(cost.scanTrip)
        rowStore = parts(cost.rowStore, 25, 65)
    }
}
