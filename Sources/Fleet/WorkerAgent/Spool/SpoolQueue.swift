import Registries

/// The reports that the registry does not have yet, in their order; pure but for the files it keeps.
///
/// A report begins in memory, so that a registry that is there gets it without a detour; ``spill()`` makes all of them durable.
/// Of records only the newest of an attempt is kept, of checkpoints the newest of a run; points of one run are gathered into
/// batches. What is under way stays as it is.
struct SpoolQueue {
  /// Points in one entry at most.
  static let batch = 512
  /// Records in memory at most, while the disk takes none.
  static let recordsInMemory = 256

  let options: SpoolOptions
  let disk: SpoolDisk
  private(set) var entries: [SpoolEntry] = []
  private var nextNumber = 1
  /// Points that were thinned out, by run, of the runs that have entries.
  private(set) var thinned: [String: Int] = [:]
  /// Points that were thinned out since somebody asked.
  private var thinnedNews: [String: Int] = [:]
  /// Why the disk is not to be used: it may hold entries whose numbers are not known.
  var unusable: RegistryError?

  init(options: SpoolOptions, faults: FaultPoint?) {
    self.options = options
    disk = SpoolDisk(root: options.directory, faults: faults)
  }

  var memoryBytes: Int { entries.reduce(0) { $0 + $1.memoryBytes } }
  var diskBytes: Int { entries.reduce(0) { $0 + $1.diskBytes } }
  var isAllOnDisk: Bool { entries.allSatisfy { $0.isOnDisk } }

  func pending(of run: String) -> Int { entries.count { $0.run == run && !$0.isDelivered } }
  func entry(_ number: Int) -> SpoolEntry? { index(number).map { entries[$0] } }
  func last(_ kind: Report.Kind, of run: String) -> SpoolEntry? { entries.last { $0.kind == kind && $0.run == run } }

  func index(_ number: Int) -> Int? { entries.firstIndex { $0.number == number } }

  /// Takes up what an earlier process left on disk; before anything is added.
  mutating func adopt(passedOver: (String) -> Void) throws(RegistryError) {
    let found = try disk.scan(passedOver: passedOver)
    entries = found.map { SpoolEntry(number: $0.number, header: $0.header, diskBytes: $0.bytes) }
    nextNumber = (found.last?.number ?? 0) + 1
    for entry in found where entry.header.thinned > 0 { thinned[entry.header.run, default: 0] += entry.header.thinned }
  }

  // MARK: In

  /// Puts a report at the end, in memory.
  /// - Returns: its number.
  @discardableResult mutating func add(_ report: Report) -> Int {
    if case .history(let points, let run) = report,
      let index = entries.lastIndex(where: { $0.kind == .history && $0.run == run }),
      !entries[index].isUnderWay, !entries[index].isOnDisk, entries[index].header.points + points.count <= Self.batch,
      let known = entries[index].report?.points
    {
      setPoints(known + points, at: index)
      return entries[index].number
    }
    var header = SpoolHeader(kind: report.kind, run: report.run)
    header.attempt = report.attempt
    header.fingerprint = report.fingerprint
    header.points = report.points.count
    header.stepPoints = HistoryThinning.stepPoints(report.points)
    let entry = SpoolEntry(number: nextNumber, header: header, report: report)
    nextNumber += 1
    // One on disk goes when this one is there as well.
    entries.removeAll { !$0.isOnDisk && !$0.mayHaveFile && !$0.isUnderWay && $0.isSuperseded(by: entry) }
    entries.append(entry)
    return entry.number
  }

  // MARK: Disk

  /// Makes everything durable, as far as the disk takes it.
  /// - Throws: why something remains in memory, which is kept within its bounds then.
  mutating func spill() throws(RegistryError) {
    var failure: RegistryError?
    for number in entries.filter({ !$0.isOnDisk }).map(\.number) {
      do { try secure(number) } catch {
        // A small one may fit where a large one does not, but not on a disk that takes nothing.
        if case .tooLarge = error {
        } else {
          failure = error
          break
        }
        failure = failure ?? error
      }
    }
    guard let failure else { return }
    boundMemory()
    throw failure
  }

  /// Makes durable what came before an entry of the same run, as far as the disk takes it. To be done before a model is: one
  /// that is found after a kill ends its training, and nobody would tell those points again.
  mutating func secureEarlier(of number: Int) {
    guard let run = entry(number)?.run else { return }
    for other in entries.filter({ $0.run == run && $0.number < number && !$0.isOnDisk }).map(\.number) {
      try? secure(other)  // What does not fit waits in memory, as everything does that the disk refuses.
    }
  }

  /// Makes one entry durable.
  /// - Throws: `tooLarge` where it does not fit into the spool's bytes; `io` where the disk refuses.
  mutating func secure(_ number: Int) throws(RegistryError) {
    guard var index = index(number), !entries[index].isOnDisk, let report = entries[index].report else { return }
    if let unusable { throw unusable }
    if report.kind == .history, try joinEarlier(index) { return }
    let (header, pieces) = try SpoolFile.encode(report, thinned: entries[index].header.thinned)
    let space = SpoolDisk.space(for: pieces)
    if report.kind == .history {
      while historyOnDisk + space > options.historyBytes, try thinOldest(onDisk: true) {}
    }
    try makeRoom(space, for: report)
    // Making room may have taken out others.
    guard let place = self.index(number) else { return }
    index = place
    entries[index].mayHaveFile = true
    try disk.write(number, pieces)
    entries[index].header = header
    entries[index].diskBytes = space
    // The points of a batch under way are needed when it has to be sent again; the file has them.
    entries[index].report = nil
    let written = entries[index]
    for old in entries where !old.isUnderWay && old.isSuperseded(by: written) { drop(old.number) }
  }

  /// Adds points to the batch of their run that is on disk already, where they fit in.
  private mutating func joinEarlier(_ index: Int) throws(RegistryError) -> Bool {
    let entry = entries[index]
    guard !entry.isUnderWay,
      let other = entries[..<index].lastIndex(where: { $0.kind == .history && $0.run == entry.run }),
      entries[other].isOnDisk, !entries[other].isUnderWay,
      entries[other].header.points + entry.header.points <= Self.batch,
      let known = try points(at: other)
    else { return false }
    try rewrite(
      other, known + (entry.report?.points ?? []), thinned: entries[other].header.thinned + entry.header.thinned)
    drop(entry.number)
    while historyOnDisk > options.historyBytes, try thinOldest(onDisk: true) {}
    return true
  }

  private mutating func makeRoom(_ space: Int, for entry: Report) throws(RegistryError) {
    if entry.kind == .model {
      // Its training is over.
      for old in entries where old.kind == .checkpoint && old.run == entry.run && !old.isUnderWay { drop(old.number) }
    }
    while diskBytes + space > options.maximumBytes, try thinOldest(onDisk: true) {}
    guard diskBytes + space <= options.maximumBytes else {
      throw .tooLarge(
        what: "a \(entry.kind.rawValue) of \(space) bytes",
        detail: "the spool holds \(diskBytes) bytes and may hold \(options.maximumBytes)")
    }
  }

  private var historyOnDisk: Int { entries.reduce(0) { $0 + ($1.kind == .history ? $1.diskBytes : 0) } }

  private mutating func rewrite(_ index: Int, _ points: [HistoryPoint], thinned: Int) throws(RegistryError) {
    let (header, pieces) = try SpoolFile.encode(.history(points, run: entries[index].run), thinned: thinned)
    try disk.write(entries[index].number, pieces)
    entries[index].header = header
    entries[index].diskBytes = SpoolDisk.space(for: pieces)
  }

  // MARK: Bounds

  /// Takes points out of the oldest history that has any to spare: of single steps first, then every other one, and joins
  /// batches that have little left.
  /// - Returns: false where nothing more can be taken.
  private mutating func thinOldest(onDisk: Bool) throws(RegistryError) -> Bool {
    let places = entries.indices.filter { place in
      entries[place].kind == .history && !entries[place].isUnderWay && entries[place].isOnDisk == onDisk
    }
    let steps = places.first { entries[$0].header.stepPoints > 0 }
    if let place = steps ?? places.first(where: { entries[$0].header.points > Self.sparse }) {
      guard let points = try points(at: place) else {
        drop(entries[place].number)
        return true
      }
      let fewer = HistoryThinning.thinned(points)
      let gone = points.count - fewer.count
      if onDisk {
        try rewrite(place, fewer, thinned: entries[place].header.thinned + gone)
      } else {
        setPoints(fewer, at: place)
        entries[place].header.thinned += gone
      }
      thinned[entries[place].run, default: 0] += gone
      thinnedNews[entries[place].run, default: 0] += gone
      return true
    }
    for (position, place) in places.enumerated() {
      guard let next = places[(position + 1)...].first(where: { entries[$0].run == entries[place].run }) else {
        continue
      }
      guard let first = try points(at: place) else {
        drop(entries[place].number)
        return true
      }
      guard let second = try points(at: next) else {
        drop(entries[next].number)
        return true
      }
      let all = first + second
      let count = entries[place].header.thinned + entries[next].header.thinned
      if onDisk { try rewrite(next, all, thinned: count) } else { setPoints(all, at: next) }
      entries[next].header.thinned = count
      drop(entries[place].number)
      return true
    }
    return false
  }

  /// Points that a batch is left with before it is joined with its neighbour.
  private static let sparse = 8

  /// The points of a batch; nil where its file is damaged, so that there is nothing to save of it.
  private func points(at index: Int) throws(RegistryError) -> [HistoryPoint]? {
    do { return try report(of: entries[index]).points } catch {
      if case .damaged = error { return nil }
      throw error
    }
  }

  /// What an entry says, from memory or disk.
  func report(of entry: SpoolEntry) throws(RegistryError) -> Report {
    if let report = entry.report { return report }
    return try disk.read(entry.number)
  }

  private mutating func setPoints(_ points: [HistoryPoint], at index: Int) {
    entries[index].report = .history(points, run: entries[index].run)
    entries[index].header.points = points.count
    entries[index].header.stepPoints = HistoryThinning.stepPoints(points)
  }

  /// What remains in memory because the disk takes nothing.
  private mutating func boundMemory() {
    func history() -> Int { entries.reduce(0) { $0 + ($1.kind == .history ? $1.memoryBytes : 0) } }
    while history() > options.memoryBytes, (try? thinOldest(onDisk: false)) == true {}
    func remaining(_ kind: Report.Kind) -> [SpoolEntry] {
      entries.filter { $0.kind == kind && !$0.isOnDisk && !$0.isUnderWay }
    }
    for old in remaining(.checkpoint).dropLast() { drop(old.number) }
    for old in remaining(.run).dropLast(Self.recordsInMemory) { drop(old.number) }
  }

  // MARK: Out

  mutating func setUnderWay(_ number: Int, _ isUnderWay: Bool) {
    guard let index = index(number) else { return }
    entries[index].isUnderWay = isUnderWay
    guard !isUnderWay else { return }
    let entry = entries[index]
    if entries.contains(where: { entry.isSuperseded(by: $0) && ($0.isOnDisk || !entry.isOnDisk) }) { drop(number) }
  }

  mutating func setClaimed(_ number: Int, _ isClaimed: Bool = true) {
    if let index = index(number) { entries[index].isClaimed = isClaimed }
  }

  /// The registry has it.
  mutating func delivered(_ number: Int) {
    guard let index = index(number) else { return }
    guard entries[index].isClaimed, entries[index].isOnDisk else { return drop(number) }
    entries[index].isDelivered = true
    entries[index].report = nil
  }

  /// Takes an entry out. A file that cannot be removed is sent again by the next process, which does no harm.
  mutating func drop(_ number: Int) {
    guard let index = index(number) else { return }
    let entry = entries.remove(at: index)
    if entry.isOnDisk || entry.mayHaveFile { try? disk.remove(number) }
    if entry.kind == .checkpointsOver { thinned[entry.run] = nil }
  }

  /// How many points of which runs were thinned out since the last call.
  mutating func takeThinned() -> [String: Int] {
    defer { thinnedNews = [:] }
    return thinnedNews
  }
}
