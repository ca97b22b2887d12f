import Daybook

/// What a user may use, as a document of the collection `tiers` says. A function of that alone decides.
package struct Tier: Sendable, Equatable {
  static let collection = "tiers"

  package let id: String
  package let name: String
  /// Of two tiers the one of the higher rank takes the other's place.
  package let rank: Int
  /// Nil for any number.
  package let requestsPerDay: Int?
  /// The names of the kinds whose documents may be written; nil for all.
  package let kinds: [String]?
  /// The settings that may be changed, or the beginnings of their names up to a dot; nil for all.
  package let settings: [String]?

  init(_ document: Document) {
    let root = document.root
    func names(_ member: String) -> [String]? {
      guard let list = root[member], list.kind == .array else { return nil }
      return list.elements.compactMap(\.string)
    }
    id = document.address.id.text
    name = root["name"]?.string ?? id
    rank = root["rank"]?.integer ?? 0
    requestsPerDay = root["requests_per_day"]?.integer
    kinds = names("kinds")
    settings = names("settings")
  }

  /// The tier of this id.
  ///
  /// - Throws: `.refused` when there is none: then nobody knows what is granted, and nothing is.
  init(_ id: String, in snapshot: Snapshot) throws(StoreError) {
    guard let document = try snapshot.document("\(Self.collection)/\(id)") else {
      throw StoreError(
        .refused, "The tier '\(id)' is not there, so it grants nothing.", hint: "An owner of the store can make it.")
    }
    self.init(document)
  }
}

/// What a user is about to use.
package enum Use: Sendable, Equatable {
  /// One request, whatever it is for.
  case request
  /// A document of the kind of this name, to write it.
  case writing(kind: String)
  /// A setting, to change it.
  case setting(String)
}

extension Tier {
  /// Why a use is not granted, in words for the user; nil when it is.
  ///
  /// - Parameters:
  ///   - requests: how many the user has made on this day.
  ///   - day: that day, such as `2026-11-21`.
  func objection(to use: Use, requests: Int, on day: String) -> StoreError? {
    switch use {
    case .request:
      guard let requestsPerDay, requests >= requestsPerDay else { return nil }
      return StoreError(
        .exhausted, "The tier '\(name)' grants \(requestsPerDay) requests a day, and all of them are used.",
        hint: "There are new ones when \(day) is over, by UTC. A code for a larger tier gives more at once.")
    case .writing(let kind):
      guard let kinds, !kinds.contains(kind) else { return nil }
      return StoreError(
        .refused, "The tier '\(name)' does not grant documents of the kind '\(kind)'.",
        hint: "It grants: \(Self.list(kinds)). A code for a larger tier gives more.")
    case .setting(let setting):
      guard let settings, !settings.contains(where: { setting == $0 || setting.hasPrefix("\($0).") }) else {
        return nil
      }
      return StoreError(
        .refused, "The tier '\(name)' does not grant changes of the setting '\(setting)'.",
        hint: "It grants: \(Self.list(settings)). A code for a larger tier gives more.")
    }
  }

  private static func list(_ names: [String]) -> String { names.isEmpty ? "none" : names.joined(separator: ", ") }
}
