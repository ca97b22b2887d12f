import CSQLite
import Measuring

/// SQLite as one who knows it would set it up for documents with history: WAL, a secondary index, a history row in the
/// same transaction, prepared statements, `BEGIN IMMEDIATE`, a connection for each thread.
public enum SQLitePeer {
  public enum Synchronous: String, Sendable { case full = "FULL", normal = "NORMAL" }

  fileprivate static let schema = """
    CREATE TABLE IF NOT EXISTS documents (
      collection TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, revision INTEGER NOT NULL,
      status TEXT NOT NULL, updated_at TEXT NOT NULL, PRIMARY KEY (collection, id)
    );
    CREATE INDEX IF NOT EXISTS by_status ON documents (collection, status, updated_at);
    CREATE TABLE IF NOT EXISTS history (
      sequence INTEGER PRIMARY KEY, collection TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
      author TEXT NOT NULL, at TEXT NOT NULL
    );
    CREATE INDEX IF NOT EXISTS by_document ON history (collection, id, sequence);
    """
}

public struct SQLiteError: Error, CustomStringConvertible {
  public let description: String
}

/// A connection with its prepared statements. It belongs to one thread.
public final class SQLiteConnection {
  private let handle: OpaquePointer
  private var statements: [String: OpaquePointer] = [:]

  private static let busyTimeoutMilliseconds: Int32 = 60_000

  public init(path: String, synchronous: SQLitePeer.Synchronous) throws {
    var handle: OpaquePointer?
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
    guard sqlite3_open_v2(path, &handle, flags, nil) == SQLITE_OK, let handle else {
      throw SQLiteError(description: "cannot open \(path)")
    }
    self.handle = handle
    sqlite3_busy_timeout(handle, Self.busyTimeoutMilliseconds)
    try execute(
      """
      PRAGMA journal_mode = WAL; PRAGMA synchronous = \(synchronous.rawValue); PRAGMA cache_size = -65536;
      PRAGMA mmap_size = 1073741824; PRAGMA temp_store = MEMORY;
      """)
    try execute(SQLitePeer.schema)
  }

  deinit {
    for statement in statements.values { sqlite3_finalize(statement) }
    sqlite3_close(handle)
  }

  public func execute(_ sql: String) throws {
    guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw failure() }
  }

  /// Writes a document and its history row in one transaction.
  public func put(_ task: Workload.Task) throws {
    try run("BEGIN IMMEDIATE")
    try write(task)
    try run("COMMIT")
  }

  /// Writes many documents in one transaction, to begin with.
  public func fill(_ tasks: some Sequence<Workload.Task>) throws {
    try run("BEGIN IMMEDIATE")
    for task in tasks { try write(task) }
    try run("COMMIT")
  }

  private func write(_ task: Workload.Task) throws {
    try run(
      """
      INSERT INTO documents VALUES ('tasks', ?1, ?2, 1, ?3, ?4) ON CONFLICT (collection, id) DO UPDATE
      SET body = ?2, revision = revision + 1, status = ?3, updated_at = ?4
      """, task.id, task.text, task.status, task.updatedAt)
    try run(
      "INSERT INTO history (collection, id, body, author, at) VALUES ('tasks', ?1, ?2, 'bench', ?3)", task.id,
      task.text,
      task.updatedAt)
  }

  /// The length of a document's text, which is copied out.
  public func body(of id: String) throws -> Int {
    let statement = try prepared("SELECT body FROM documents WHERE collection = 'tasks' AND id = ?1")
    defer { sqlite3_reset(statement) }
    bind(id, 1, statement)
    guard sqlite3_step(statement) == SQLITE_ROW else { throw failure() }
    return columnBytes(statement, 0).count
  }

  /// The ids and bodies of the newest of a status; how many there were.
  public func newest(_ count: Int, status: String) throws -> Int {
    let statement = try prepared(
      """
      SELECT id, body FROM documents WHERE collection = 'tasks' AND status = ?1
      ORDER BY updated_at DESC LIMIT \(count)
      """)
    defer { sqlite3_reset(statement) }
    bind(status, 1, statement)
    var rows = 0
    while sqlite3_step(statement) == SQLITE_ROW {
      if columnBytes(statement, 0).isEmpty || columnBytes(statement, 1).isEmpty { break }
      rows += 1
    }
    return rows
  }

  private func columnBytes(_ statement: OpaquePointer, _ column: Int32) -> [UInt8] {
    guard let text = sqlite3_column_text(statement, column) else { return [] }
    return Array(UnsafeBufferPointer(start: text, count: Int(sqlite3_column_bytes(statement, column))))
  }

  private func run(_ sql: String, _ values: String...) throws {
    let statement = try prepared(sql)
    defer { sqlite3_reset(statement) }
    for (place, value) in values.enumerated() { bind(value, Int32(place + 1), statement) }
    let result = sqlite3_step(statement)
    guard result == SQLITE_DONE || result == SQLITE_ROW else { throw failure() }
  }

  private func bind(_ value: String, _ place: Int32, _ statement: OpaquePointer) {
    let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    sqlite3_bind_text(statement, place, value, -1, transient)
  }

  private func prepared(_ sql: String) throws -> OpaquePointer {
    if let statement = statements[sql] { return statement }
    var statement: OpaquePointer?
    guard sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil) == SQLITE_OK,
      let statement
    else { throw failure() }
    statements[sql] = statement
    return statement
  }

  private func failure() -> SQLiteError { SQLiteError(description: String(cString: sqlite3_errmsg(handle))) }
}
