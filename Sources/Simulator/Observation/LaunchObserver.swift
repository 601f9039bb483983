import Machine
import Trace

/// Someone who watches launches block by block, such as the writer of a timeline.
///
/// All calls come from the thread that called `Simulation.run`, between windows. Blocks come window by window; within a
/// window in no particular order, but always the same one.
package protocol LaunchObserver: AnyObject {
    /// A launch is about to start.
    func launchBegins(_ launch: KernelLaunch, occupancy: Occupancy, clockHertz: Double) throws
    /// These blocks have ended.
    func blocksEnded(_ blocks: [BlockRecord]) throws
    /// The launch is over.
    func launchEnded(_ result: LaunchResult) throws
}
