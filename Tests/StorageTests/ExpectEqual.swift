import Testing

/// `#expect(left == right)` for expressions that change something or use a `Span`, which the macro cannot take apart.
func expectEqual<Value: Equatable>(
  _ left: Value, _ right: Value, _ comment: @autoclosure () -> Comment? = nil,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(left == right, comment(), sourceLocation: sourceLocation)
}
