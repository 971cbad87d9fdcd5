/// A data set as a table shows it.
enum DatasetLabel {
  /// The file's name of a path or URI: where it lies is in the wide table. `builtin://digits?count=400` stays as it is, and so
  /// does a registry's name.
  static func short(_ dataset: String) -> String {
    if dataset.hasPrefix("builtin://") { return dataset }
    let bare = dataset.prefix { $0 != "#" && $0 != "?" }
    return bare.split(separator: "/").last.map(String.init) ?? dataset
  }
}
