extension JSONText {
  /// The text after some edits, one after the other. Only the bytes of what they touch change; what is new is written
  /// in the style of its surroundings.
  ///
  /// ```swift
  /// try text.applying([.set(JSONPointer(["temperature"]), 0.7), .remove(JSONPointer(["proxy"]))])
  /// ```
  public func applying(_ edits: [JSONEdit]) throws(JSONEditError) -> JSONText {
    var text = self
    var rest = edits[...]
    while let edit = rest.popFirst() {
      var splices: [JSONSplice]
      switch edit {
      case .set(let pointer, let value):
        splices = try text.splices(setting: pointer, to: value)
      case .remove(let pointer):
        splices = try text.splices(removing: pointer)
      case .insert(let pointer, let value):
        var values = [value]
        // Appending many elements is one change, not many texts.
        while pointer.tokens.last == "-", case .insert(pointer, let next)? = rest.first {
          values.append(next)
          rest.removeFirst()
        }
        splices = try text.splices(inserting: values, at: pointer)
      }
      splices.sort()
      do throws(JSONError) {
        text = try JSONText(parsing: text.bytes.applying(splices), limits: .standard)
      } catch {
        throw JSONEditError(pointer: edit.pointer, reason: .limit(error))
      }
    }
    return text
  }

  /// The least change to this text that makes it equal to a value. Formatting, the order of members and the text of
  /// numbers stay where the value did not change.
  public func changing(to value: JSONValue) -> JSONText {
    let splices = JSONRewriter(text: self).splices(turning: root, into: value, isBroken: true)
    return splices.isEmpty ? self : JSONText(written: bytes.applying(splices))
  }

  private func splices(setting pointer: JSONPointer, to value: JSONValue) throws(JSONEditError) -> [JSONSplice] {
    let layout = JSONLayout(of: self)
    if let node = root[pointer] {
      // Asked for by name, even an equal number takes the new text: 1 becomes 1.0.
      if let number = value.number, node.kind == .number, number.text != node.content {
        return [JSONSplice(range: node.range, bytes: Array(number.text.utf8))]
      }
      let parent = pointer.parent.flatMap { root[$0] }
      let isBroken = parent.map { JSONContainerRewriter($0, layout).separator.isBroken } ?? true
      return JSONRewriter(text: self).splices(turning: node, into: value, isBroken: isBroken)
    }
    let (parent, key) = try self.parent(of: pointer)
    guard parent.kind == .object else {
      throw JSONEditError(pointer: pointer, reason: parent.kind == .array ? .missing : .wrongParent)
    }
    return JSONContainerRewriter(parent, layout)
      .splices(for: parent.keepingChildren + [.add(.member(key: key, value))])
  }

  private func splices(removing pointer: JSONPointer) throws(JSONEditError) -> [JSONSplice] {
    let (parent, token) = try self.parent(of: pointer)
    guard let child = parent.child(token) else { throw JSONEditError(pointer: pointer, reason: .missing) }
    var steps = parent.keepingChildren
    guard let place = parent.children.firstIndex(where: { $0.value.index == child.index }) else { return [] }
    steps[place] = .remove(place)
    return JSONContainerRewriter(parent, JSONLayout(of: self)).splices(for: steps)
  }

  private func splices(inserting values: [JSONValue], at pointer: JSONPointer) throws(JSONEditError) -> [JSONSplice] {
    let (parent, token) = try self.parent(of: pointer)
    guard parent.kind == .array else { throw JSONEditError(pointer: pointer, reason: .wrongParent) }
    guard let place = token == "-" ? parent.count : JSONPointer.index(token), place <= parent.count else {
      throw JSONEditError(pointer: pointer, reason: .missing)
    }
    var steps = parent.keepingChildren
    steps.insert(contentsOf: values.map { .add(.element($0)) }, at: place)
    return JSONContainerRewriter(parent, JSONLayout(of: self)).splices(for: steps)
  }

  private func parent(of pointer: JSONPointer) throws(JSONEditError) -> (JSONNode, token: String) {
    guard let token = pointer.tokens.last, let above = pointer.parent else {
      throw JSONEditError(pointer: pointer, reason: .root)
    }
    guard let parent = root[above] else { throw JSONEditError(pointer: pointer, reason: .missing) }
    return (parent, token)
  }
}
