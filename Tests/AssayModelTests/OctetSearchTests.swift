import AssayModel
import Testing

@Suite struct OctetSearchTests {
    /// Against the library's own search, on short texts of two letters, whole and as slices.
    @Test func findsWhatTheLibraryFinds() {
        for length in 0...7 {
            for bits in 0..<(1 << length) {
                let text = (0..<length).map { UInt8(bits >> $0 & 1) }
                for words in [[0], [1], [0, 1], [0, 0], [1, 0, 1], [0, 0, 1, 0]] as [[UInt8]] {
                    #expect(text.place(of: words) == text.firstRange(of: words)?.lowerBound)
                    let slice = text.dropFirst(2)
                    #expect(slice.place(of: words) == slice.firstRange(of: words)?.lowerBound)
                }
            }
        }
        #expect([UInt8]().place(of: [1]) == nil)
    }
}
