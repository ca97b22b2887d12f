/// The version of Daybook.
package enum ProgramVersion {
  package static let text = "0.1.0"
}
