import AssayKit
import Glibc

/// stdout is data, stderr is people.
enum Console {
    static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }
    static var outputIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// A line for people.
    static func error(_ line: String) {
        _ = WholeFile.write(Array("\(line)\n".utf8), to: STDERR_FILENO)
    }

    /// Data. A reader that went away (`| head -1`) ends the program without a word, as SIGPIPE would have.
    static func output(_ bytes: [UInt8]) {
        if WholeFile.write(bytes, to: STDOUT_FILENO) { return }
        if errno != EPIPE {
            error("mailassay: standard output: \(String(cString: strerror(errno)))")
            exit(ExitStatus.badInput.rawValue)
        }
        exit(141)
    }

    static func output(_ text: String) { output(Array(text.utf8)) }

    /// Columns of the terminal, 80 where there is none.
    static var columns: Int {
        if let text = getenv("COLUMNS"), let columns = Int(String(cString: text)), (40...400).contains(columns) {
            return columns
        }
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col >= 40 else { return 80 }
        return min(Int(size.ws_col), 120)
    }

    /// https://no-color.org: any non-empty NO_COLOR turns colour off.
    static var wantsColor: Bool {
        if let value = getenv("NO_COLOR"), value.pointee != 0 { return false }
        if let term = getenv("TERM"), String(cString: term) == "dumb" { return false }
        return outputIsTerminal
    }
}
