import Git

extension StoreMerge {
  /// Which files a commit has otherwise than another one; nil for none.
  func changes(from old: ObjectID?, to new: ObjectID) throws(StoreError) -> [ChangedFile] {
    try StoreOpening.reading("what is merged") { () throws(GitError) in
      let before = try old.map { old throws(GitError) in try objects.commit(old).tree }
      let after = try objects.commit(new).tree
      var files: [ChangedFile] = []
      try TreeDifference(objects: objects).visit(from: before, to: after) { path, old, new throws(GitError) in
        files.append(ChangedFile(path: path, basis: old, id: new))
      }
      return files
    }
  }
}
