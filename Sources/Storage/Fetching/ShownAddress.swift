/// A data set's address as it may be written down for others to read: without user, password and query, which may be a
/// signature; text that is no address of another machine is left as it is.
package func shownAddress(_ uri: String) -> String {
  guard let mark = uri.firstRange(of: "://") else { return uri }
  let scheme = uri[..<mark.lowerBound]
  // Names of what is on this machine, whose query says which of the data that are made, not read.
  if ["builtin", "file"].contains(scheme.lowercased()) { return uri }
  return scheme + "://" + SourceReference.withoutSecrets(String(uri[mark.upperBound...].prefix { $0 != "#" }))
}
