@testable import Git

/// Commits over folders and files that are written, changed in several places, put back and deleted.
struct RandomHistory {
  private(set) var head: ObjectID?
  private var numbers: SeededNumbers
  private var files: [String: [UInt8]] = [:]
  private let fileCount: Int
  private var objects: [GitObject] = []
  private var past: [[UInt8]] = []
  private var count = 0

  init(seed: UInt64, files: Int = 40) {
    numbers = SeededNumbers(seed: seed)
    fileCount = files
  }

  /// The objects of so many more commits, each once, in the order in which a store makes them.
  mutating func commits(_ count: Int) -> [GitObject] {
    objects = []
    for _ in 0..<count { commit() }
    var seen: Set<ObjectID> = []
    return objects.filter { seen.insert($0.id).inserted }
  }

  /// A pack as a store makes it on the way of a write.
  static func pack(_ objects: [GitObject]) -> ComposedPack {
    var writer = PackWriter()
    for object in objects { writer.add(object) }
    return writer.finish()
  }

  private mutating func commit() {
    for _ in 0..<Int.random(in: 1...3, using: &numbers) { change() }
    let tree = add(files.map { (path: $0.key[...], content: $0.value) })
    count += 1
    let who = Signature(name: "Test", email: "test@example.org", seconds: 1_780_000_000 + Int64(count))
    let parents = head.map { [$0] } ?? []
    let commit = Commit(tree: tree, parents: parents, author: who, committer: who, message: "number \(count)\n").object
    objects.append(commit)
    head = commit.id
  }

  private mutating func change() {
    let number = Int.random(in: 0..<fileCount, using: &numbers)
    let path = "docs/\(number % 3)/\(number % 7)/file-\(number).json"
    switch Int.random(in: 0..<10, using: &numbers) {
    case 0 where files.count > 1: files[path] = nil
    case 1: files[path] = past.randomElement(using: &numbers) ?? [1]
    default:
      var content = files[path] ?? (0..<700).map { _ in UInt8.random(in: 97...110, using: &numbers) }
      for _ in 0..<3 {
        let place = Int.random(in: 0...content.count, using: &numbers)
        content.insert(contentsOf: Array("\(numbers.next() % 1_000)".utf8), at: place)
      }
      files[path] = content
      if past.count < 50 { past.append(content) }
    }
  }

  /// Makes the folder of these files, and answers its id.
  private mutating func add(_ files: [(path: Substring, content: [UInt8])]) -> ObjectID {
    var tree = Tree()
    var folders: [Substring: [(path: Substring, content: [UInt8])]] = [:]
    for file in files.sorted(by: { $0.path < $1.path }) {
      if let slash = file.path.firstIndex(of: "/") {
        let rest = file.path[file.path.index(after: slash)...]
        folders[file.path[..<slash], default: []].append((rest, file.content))
      } else {
        let blob = GitObject(.blob, file.content)
        objects.append(blob)
        tree.set(Array(file.path.utf8), isFolder: false, to: blob.id)
      }
    }
    for (name, files) in folders.sorted(by: { $0.key < $1.key }) {
      tree.set(Array(name.utf8), isFolder: true, to: add(files))
    }
    let object = GitObject(.tree, tree.bytes)
    objects.append(object)
    return object.id
  }
}
