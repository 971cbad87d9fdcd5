import Testing

@testable import Learning

@Suite struct DigitGeneratorTests {
  @Test func oneSeedGivesTheSameBytesEverywhere() {
    let first = DigitGenerator.images(count: 40, seed: 5)
    let again = DigitGenerator.images(count: 40, seed: 5)
    #expect(first.pixels.array == again.pixels.array)
    #expect(first.labels == again.labels)
    #expect(first.pixels.array != DigitGenerator.images(count: 40, seed: 6).pixels.array)
    // Pinned: the bytes may not change between machines, builds or releases.
    let hash = first.pixels.array.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    #expect(hash == 17_742_267_018_724_608_191)
  }

  @Test func classesAreEven() {
    let labels = DigitGenerator.images(count: 100, seed: 1).labels
    for digit in UInt8(0)..<10 { #expect(labels.filter { $0 == digit }.count == 10) }
  }

  @Test func everyImageHasInkAndGround() {
    let images = DigitGenerator.images(count: 50, seed: 2)
    for index in 0..<50 {
      let pixels = images.pixels.array[(index * 784)..<((index + 1) * 784)]
      #expect((20...400).contains(pixels.filter { $0 > 120 }.count), "image \(index)")
      #expect(pixels.filter { $0 < 80 }.count > 300, "image \(index)")
    }
  }
}
