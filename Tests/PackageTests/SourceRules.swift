/// The rules of the house that a machine can see. CONTRIBUTING.md gives them to people.
enum SourceRules {
  /// What each target may import: arrows point down, and never sideways among Documents, Storage, Git and Sodium.
  static let allowedImports: [String: Set<String>] = [
    "Documents": [],
    "Storage": ["Logging", "Glibc", "Dispatch", "Synchronization"],
    "Git": ["CGit2", "Crypto", "Synchronization"],
    "Sodium": ["CSodium"],
    "Daybook": ["Documents", "Storage", "Git", "Sodium", "Logging", "Dispatch", "Synchronization"],
    "DaybookRuntime": [
      "Daybook", "Documents", "Sodium", "AsyncHTTPClient", "Glibc", "NIOCore", "NIOHTTP1", "NIOPosix",
      "Synchronization",
    ],
    "DaybookServer": [
      "DaybookRuntime", "Daybook", "Documents", "Crypto", "HTTPTypes", "Hummingbird", "HummingbirdCore",
      "HummingbirdTLS", "Logging", "NIOCore", "NIOHTTP1", "NIOHTTPTypes", "NIOSSL", "ServiceLifecycle",
      "Synchronization", "UnixSignals",
    ],
    "DaybookCLI": [
      "DaybookServer", "DaybookRuntime", "Daybook", "Documents", "ArgumentParser", "Dispatch", "Glibc", "Logging",
      "ServiceLifecycle", "Synchronization",
    ],
    // It runs while the package is built, and never on a user's machine.
    "FileBundler": ["Foundation"],
  ]

  static let maximumLines = 400

  static let imports = SourceRule(description: "a target imports only what the design lets it") { file in
    guard let allowed = allowedImports[file.target] else {
      return ["1: \(file.target) has no line in the rules"]
    }
    return file.code.lines.enumerated().compactMap { number, line in
      guard let module = importedModule(line), !allowed.contains(module) else { return nil }
      return "\(number + 1): import \(module)"
    }
  }

  static let unsafeWords = SourceRule.words(
    ["unsafe", "@unsafe", "@safe"],
    allowedIn: [
      ("Sources/Git", "calls libgit2 and zlib"),
      ("Sources/Sodium", "calls libsodium"),
      ("Sources/Storage/Files", "calls the system for files and threads"),
      ("Sources/DaybookCLI/Terminal", "calls the system for the terminal, the editor and the environment"),
    ],
    "unsafe code stays at the edges")

  static let forbiddenWords = SourceRule.words(
    ["@unchecked", "nonisolated(unsafe)", "@preconcurrency", "try!", "as!", "fatalError"],
    "nothing silences the compiler, and nothing traps on what the world does")

  /// It copies names of open files beyond their buffer on Linux, and ends a test run once in a while.
  static let processes = SourceRule.words(["Process()"], "programs are started without Foundation's Process")

  static let publicWords = SourceRule.words(
    ["public", "open"],
    allowedIn: [
      ("Sources/Daybook", "the library"),
      ("Sources/Documents", "the types that the library hands out"),
      ("Sources/DaybookRuntime/Settings", "what an application reads its settings with"),
      ("Sources/DaybookCLI/ArgumentTypes.swift", "conforms public types to a public protocol"),
    ],
    "public is what an application uses")

  /// A method named `open` is no access level, so only declarations count.
  static let access = SourceRule(description: publicWords.description) { file in
    publicWords.violations(file).filter { finding in
      guard let number = finding.split(separator: ":").first.flatMap({ Int($0) }) else { return true }
      return finding.hasSuffix("public") || file.code.lines[number - 1].contains("open class")
    }
  }

  static let cTypes = SourceRule(description: "no C type crosses a module's boundary") { file in
    file.code.lines.enumerated().compactMap { number, line in
      let isVisible = line.contains("package ") || line.contains("public ")
      guard isVisible, importedModule(line) == nil else { return nil }
      let hasCType = ["Pointer", "git_", "sqlite3_", "crypto_"].contains { line.contains($0) }
      return hasCType ? "\(number + 1): \(line.drop { $0 == " " })" : nil
    }
  }

  static let length = SourceRule(description: "a file has at most \(maximumLines) lines") { file in
    let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false).count - 1
    return lines > maximumLines ? ["\(lines): too long"] : []
  }

  /// Comments are where such marks are, so this one looks at the text. The words are cut in two to spare this file.
  static let marks = SourceRule(description: "nothing is left for later") { file in
    let marks = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]
    return file.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().flatMap { number, line in
      let words = line.split { !$0.isLetter }
      return marks.filter { words.contains(Substring($0)) }.map { "\(number + 1): \($0)" }
    }
  }

  private static func importedModule(_ line: String) -> String? {
    let words = line.split(whereSeparator: { " \t".contains($0) })
    guard let place = words.firstIndex(of: "import"), place + 1 < words.count else { return nil }
    let isImport = words[..<place].allSatisfy { $0.hasPrefix("@") || ["public", "package", "internal"].contains($0) }
    guard isImport else { return nil }
    let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
    let name = kinds.contains(words[place + 1]) ? words.last : words[place + 1]
    return name?.split(separator: ".").first.map(String.init)
  }
}
