import Git

/// Reads the kinds of a commit from its folder `schemas`.
struct KindLoader {
  let objects: ObjectReader

  /// - Throws: `.invalid` for a broken schema, which only a commit that was made without us can hold.
  func kinds(at commit: ObjectID) throws(StoreError) -> Kinds {
    let files = try StoreOpening.reading("the committed schemas") { () throws(GitError) in
      let root = try objects.tree(try objects.commit(commit).tree)
      guard let folder = root.folder(named: Array(StoreLayout.schemas.utf8)) else { return [SchemaFile]() }
      var files: [SchemaFile] = []
      for entry in try objects.tree(folder).entries() where !entry.isFolder {
        let path = "\(StoreLayout.schemas)/\(entry.name)"
        if let file = SchemaFile(path: path, bytes: try objects.blob(entry.id)) { files.append(file) }
      }
      return files
    }
    return try Kinds().changing(files)
  }
}
