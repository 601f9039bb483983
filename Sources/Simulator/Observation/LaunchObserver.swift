import Machine
import Trace

/// An object that watches launches block by block, such as the writer of a timeline.
///
/// All calls come from the thread that called `Simulation.run`, between windows. Blocks come window by window. Within a
/// window their order has no meaning, but it is always the same.
package protocol LaunchObserver: AnyObject {
    /// A launch is about to start.
    func launchBegins(_ launch: KernelLaunch, occupancy: Occupancy, clockHertz: Double) throws
    /// These blocks have ended.
    func blocksEnded(_ blocks: [BlockRecord]) throws
    /// The launch is over.
    func launchEnded(_ result: LaunchResult) throws
}
