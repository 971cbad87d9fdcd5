/// The ten digits as strokes: polylines in a unit square, x to the right, y down.
enum DigitStrokes {
  /// A point of a stroke.
  struct Point: Equatable {
    var x: Float
    var y: Float
  }

  /// The strokes of digit 0…9.
  static let glyphs: [[[Point]]] = [
    [arc(0.50, 0.50, 0.20, 0.30, from: 0, to: 16)],
    [line((0.38, 0.32), (0.53, 0.20), (0.53, 0.80))],
    [arc(0.50, 0.37, 0.18, 0.17, from: 8, to: 18) + line((0.32, 0.80), (0.70, 0.80))],
    [arc(0.48, 0.35, 0.17, 0.15, from: 9, to: 20), arc(0.48, 0.65, 0.20, 0.15, from: 12, to: 23)],
    [line((0.60, 0.80), (0.60, 0.20), (0.30, 0.62), (0.74, 0.62))],
    [line((0.68, 0.20), (0.37, 0.20), (0.35, 0.47)) + arc(0.49, 0.62, 0.19, 0.18, from: 11, to: 22)],
    [line((0.62, 0.20), (0.44, 0.38), (0.33, 0.62)), arc(0.50, 0.64, 0.18, 0.16, from: 0, to: 16)],
    [line((0.30, 0.20), (0.70, 0.20), (0.44, 0.80))],
    [arc(0.50, 0.35, 0.15, 0.15, from: 0, to: 16), arc(0.50, 0.65, 0.19, 0.16, from: 0, to: 16)],
    [arc(0.50, 0.36, 0.17, 0.16, from: 0, to: 16), line((0.67, 0.36), (0.65, 0.60), (0.55, 0.80))],
  ]

  private static func line(_ points: (Float, Float)...) -> [Point] { points.map { Point(x: $0.0, y: $0.1) } }

  /// Part of an ellipse in sixteenths of a turn, clockwise from three o'clock. The sines are literals: the C library's
  /// may differ in the last bit between machines, and the images must not.
  private static func arc(_ x: Float, _ y: Float, _ rx: Float, _ ry: Float, from: Int, to: Int) -> [Point] {
    (from...to).map { Point(x: x + rx * sines[($0 + 4) & 15], y: y + ry * sines[$0 & 15]) }
  }

  private static let sines: [Float] = [
    0, 0.38268343, 0.70710678, 0.92387953, 1, 0.92387953, 0.70710678, 0.38268343, 0, -0.38268343, -0.70710678,
    -0.92387953, -1, -0.92387953, -0.70710678, -0.38268343,
  ]
}
