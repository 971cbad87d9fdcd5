import FleetAPI

/// What a member of a group may tell the registry: the one place that says so.
///
/// All ranks hold the same parameters after each step. So one speaks for all: were records, points, checkpoints and models to come from
/// each, a run would be recorded once a rank.
struct GroupVoice: Sendable, Equatable {
  let rank: Int

  init(_ group: RankGroup) { rank = group.rank }

  /// Whether this member's records, points, checkpoints and model are the group's.
  var speaksForTheGroup: Bool { rank == 0 }
}
