/// Reads durations as people and Go write them: `90s`, `10m`, `1h30m`, `1.5h`, `7d`, `2w`, or plain seconds.
package enum DurationText {
  /// The duration; nil where the text is none, or not above zero.
  package static func parse(_ text: String) -> Duration? {
    if let seconds = Double(text) { return valid(seconds) }
    var total = 0.0
    var number = ""
    for character in text {
      if character.isNumber || character == "." {
        number.append(character)
        continue
      }
      let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604_800]
      guard let value = Double(number), let unit = units[character] else { return nil }
      total += value * unit
      number = ""
    }
    return number.isEmpty ? valid(total) : nil
  }

  private static func valid(_ seconds: Double) -> Duration? {
    seconds > 0 && seconds < 1e9 ? .seconds(seconds) : nil
  }
}
