import Foundation

/// The descriptors 0, 1 and 2, which a caller may have closed. A newly opened file would get the number of a closed
/// one, and text for a terminal would go into the file.
enum StandardStreams {
    /// Puts the null device in place of closed descriptors. It is opened in the wrong direction, so that reading
    /// standard input or writing standard output still fails. Text for a closed standard error is lost.
    static func fillGaps() {
        for (descriptor, mode) in [(STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDWR)]
        where fcntl(descriptor, F_GETFD) < 0 {
            // The lowest free number is the closed one, since the descriptors below it are open by now.
            _ = open("/dev/null", mode)
        }
    }
}
