/// Folders of the user that runs the program, as variables name them.
enum UserFolder {
  /// `$XDG_CONFIG_HOME` (ignored unless it is absolute, as its standard asks), else `$HOME/.config`; nil where neither
  /// is set. A variable that is empty counts as unset.
  static func configuration(_ environment: [String: String]) -> String? {
    func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    return value("XDG_CONFIG_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil } ?? value("HOME").map { $0 + "/.config" }
  }
}
