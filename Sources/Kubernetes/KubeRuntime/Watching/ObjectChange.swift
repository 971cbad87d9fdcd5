import KubeTypes

/// What became of one object, as a cache saw it.
///
/// A change is delivered after the store holds it. Changes may be folded: between two of them an object may have had any number
/// of states. An object that was deleted and made anew under its name is delivered as a deletion and an
/// application without `old`, also where only the newer of the two was seen.
public enum ObjectChange<Object: KubeObject>: Sendable {
  /// The object appeared (`old` nil) or changed.
  case applied(old: Object?, new: Object)
  /// The object is gone. The value is the last state known: after a gap in the watch, not the last it had.
  case deleted(Object)

  /// The newest known state.
  public var object: Object {
    switch self {
    case .applied(_, let new): new
    case .deleted(let last): last
    }
  }
  public var key: ObjectKey { object.key }
}
