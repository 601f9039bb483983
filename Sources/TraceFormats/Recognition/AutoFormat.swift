extension ImportFormat {
    /// The format of the content, whichever it is.
    package static let auto = ImportFormat(
        "auto", holds: "what its content says", wanted: "a trace of a format that 'weir import --help' lists"
    ) { request, writer, summary in
        let input = request.input
        let found = try FormatRecognition(peekingAt: input).decided(file: input.name ?? "input", path: input.path)
        let decided = ImportRequest(
            input: input, format: found.format, directory: request.directory,
            options: found.applied(to: request.options),
            progress: request.progress)
        try found.format.read(decided, &writer, &summary)
    }
}
