/// The operations whose line requests are on their way, by number. The book reuses the numbers.
struct TicketBook: ~Copyable {
    private var tickets = Buffer<Ticket>(capacity: 1024)
    private var free = Buffer<Int32>(capacity: 1024)

    /// Takes a number for `ticket`.
    mutating func add(_ ticket: Ticket) -> Int32 {
        if free.count > 0 {
            let number = free[free.count - 1]
            free.resize(to: free.count - 1)
            tickets[Int(number)] = ticket
            return number
        }
        tickets.append(ticket)
        return Int32(truncatingIfNeeded: tickets.count - 1)
    }

    /// Gives a number back.
    mutating func release(_ number: Int32) { free.append(number) }

    @inline(__always)
    subscript(number: Int32) -> Ticket {
        get { tickets[Int(number)] }
        nonmutating set { tickets[Int(number)] = newValue }
    }

    mutating func removeAll() {
        tickets.removeAll()
        free.removeAll()
    }
}
