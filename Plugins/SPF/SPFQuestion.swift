import AssayDNS
import AssayEngine
import AssayModel
import AssayProbes

/// One question of an SPF evaluation, with the time that its answer took: a receiver asks one after the other.
struct SPFQuestion: Probe {
    let name: DomainName
    let type: RecordType

    func run(in scan: ScanContext) async -> SPFAnswer {
        let start = ContinuousClock.now
        let answer = await scan.resolve(name, type)
        let (seconds, attoseconds) = (ContinuousClock.now - start).components
        return SPFAnswer(answer, milliseconds: Int(seconds) * 1_000 + Int(attoseconds / 1_000_000_000_000_000))
    }
}

/// The scan's own resolver, asked at most once for a name and type.
struct ScanLookup: SPFLookup {
    let scan: ScanContext

    func ask(_ name: DomainName, _ type: RecordType) async -> SPFAnswer {
        await scan.evidence(for: SPFQuestion(name: name, type: type))
    }
}
