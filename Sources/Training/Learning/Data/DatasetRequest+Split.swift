import TrainingDefinition

extension DatasetRequest {
  /// The share of rows held out for the test. A request that was not checked may say what is none: nothing is held out then.
  var heldOut: Double { reading.testFraction.value ?? 0 }

  /// The seed of the split, as generators take it.
  var splitSeed: UInt64 { UInt64(clamping: reading.seed) }
}
