import Foundation

/// The operating system's figures on this process's memory.
package enum ProcessMemory {
    /// Largest resident memory so far, in bytes; 0 if the system does not give it.
    package static var peakBytes: Int {
        var usage = rusage()
        #if canImport(Darwin)
            return getrusage(RUSAGE_SELF, &usage) == 0 ? Int(usage.ru_maxrss) : 0
        #else
            return getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 ? Int(usage.ru_maxrss) * 1024 : 0
        #endif
    }
}
