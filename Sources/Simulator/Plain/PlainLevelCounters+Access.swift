extension PlainLevelCounters {
    @inline(__always)
    mutating func count(_ access: PlainAccess) {
        switch access {
        case .fetch: fetches &+= 1
        case .read, .modify: reads &+= 1
        case .miscellaneous: miscellaneous &+= 1
        case .write: writes &+= 1
        case .finish, .copyBack, .invalidate: break
        }
    }

    @inline(__always)
    mutating func countMiss(_ access: PlainAccess) {
        switch access {
        case .fetch: fetchMisses &+= 1
        case .read, .modify: readMisses &+= 1
        case .miscellaneous: miscellaneousMisses &+= 1
        case .write: writeMisses &+= 1
        case .finish, .copyBack, .invalidate: break
        }
    }
}
