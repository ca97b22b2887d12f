/// Which names of files and folders are safe on any disk, and for Git itself.
///
/// A repository that somebody else fills may name what no program of ours would: ways out of the folder, Git's own
/// folder as macOS and Windows also spell it, and what breaks terminals and scripts.
package enum SafeName {
  /// The longest name that file systems take, in bytes.
  package static let longest = 255

  /// Why a name is not let in, as the end of a sentence about it; nil for one that is.
  package static func fault(of name: some Collection<UInt8>) -> String? {
    if name.isEmpty { return "is empty" }
    if name.count > longest { return "is longer than \(longest) bytes" }
    guard let text = String(validating: name, as: UTF8.self) else { return "is not UTF-8" }
    if text == "." || text == ".." { return "leads to another folder" }
    if name.contains(where: { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }) { return "holds a slash" }
    let scalars = text.unicodeScalars
    if scalars.contains(where: { $0.properties.generalCategory == .control }) { return "holds a control character" }
    if isGitFolder(text) { return "stands for Git's own folder" }
    return nil
  }

  /// What two names have in common that a file system could take for one: letters of any case and any composition.
  package static func folded(_ name: some Collection<UInt8>) -> String {
    String(decoding: name, as: UTF8.self).lowercased()
  }

  /// Whether some file system takes this for `.git`: HFS passes over characters that do not show, NTFS over dots and
  /// blanks at the end and what follows a colon, and calls it `git~1` as well.
  private static func isGitFolder(_ text: String) -> Bool {
    let seen = String(String.UnicodeScalarView(text.unicodeScalars.filter { !isIgnored($0) })).lowercased()
    let stem = seen.prefix { $0 != ":" }
    let end = stem.lastIndex { $0 != "." && $0 != " " }
    let bare = end.map { stem[...$0] } ?? ""
    return bare == ".git" || bare.hasPrefix("git~") && bare.dropFirst(4).allSatisfy(\.isNumber) && bare.count > 4
  }

  private static func isIgnored(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x200C...0x200F, 0x202A...0x202E, 0x206A...0x206F, 0xFEFF: true
    default: false
    }
  }
}
