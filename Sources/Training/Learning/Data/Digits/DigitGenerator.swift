/// 28×28 grey images of digits drawn by seed: strokes with shaken points, turned, slanted, scaled, shifted, of changing
/// thickness and brightness, under noise. Data for demos and tests where nothing can be downloaded.
///
/// Only IEEE-exact operations (+ − × ÷ √) are used, so one seed gives the same bytes on every machine.
enum DigitGenerator {
  static let side = 28

  /// `count` images; every digit appears equally often, give or take one.
  static func images(count: Int, seed: UInt64) -> LabelledImages {
    let pixels = ByteBuffer(count: count * side * side)
    var order = SeededRandom(seed: seed, stream: 1).permuted(count)
    order = order.map { $0 % 10 }
    let canvas = FloatBuffer(count: side * side)
    for index in 0..<count {
      // A stream of its own for each image: drawing could be spread over threads without changing one byte.
      var random = SeededRandom(seed: seed, stream: 1000 + UInt64(index))
      draw(Int(order[index]), on: canvas.base, random: &random)
      quantise(canvas.base, into: pixels.base + index * side * side, random: &random)
    }
    return LabelledImages(shape: [side, side], pixels: pixels, labels: order.map { UInt8(truncatingIfNeeded: $0) })
  }

  private static func draw(
    _ digit: Int, on canvas: UnsafeMutablePointer<Float>, random: inout SeededRandom
  ) {
    canvas.update(repeating: 0, count: side * side)
    let pose = Pose(random: &random)
    let radius = random.uniform(0.7, 1.7)
    for stroke in DigitStrokes.glyphs[digit] {
      let points = stroke.map { point in
        pose.place(
          DigitStrokes.Point(
            x: point.x + random.uniform(-0.025, 0.025), y: point.y + random.uniform(-0.025, 0.025)))
      }
      for (start, end) in zip(points, points.dropFirst()) { ink(canvas, from: start, to: end, radius: radius) }
    }
  }

  /// Inks the pixels near a segment: full within `radius`, fading over one pixel.
  private static func ink(
    _ canvas: UnsafeMutablePointer<Float>, from a: DigitStrokes.Point, to b: DigitStrokes.Point, radius: Float
  ) {
    let reach = radius + 1
    let left = max(0, Int(min(a.x, b.x) - reach))
    let right = min(side - 1, Int(max(a.x, b.x) + reach) + 1)
    let top = max(0, Int(min(a.y, b.y) - reach))
    let bottom = min(side - 1, Int(max(a.y, b.y) + reach) + 1)
    guard left <= right, top <= bottom else { return }
    let dx = b.x - a.x
    let dy = b.y - a.y
    let inverse = 1 / max(dx * dx + dy * dy, 1e-6)
    var y = top
    while y <= bottom {
      var x = left
      while x <= right {
        let px = Float(x) - a.x
        let py = Float(y) - a.y
        let along = max(0, min(1, (px * dx + py * dy) * inverse))
        let ex = px - along * dx
        let ey = py - along * dy
        let value = max(0, min(1, reach - (ex * ex + ey * ey).squareRoot()))
        let place = y &* side &+ x
        if value > canvas[place] { canvas[place] = value }
        x &+= 1
      }
      y &+= 1
    }
  }

  private static func quantise(
    _ canvas: UnsafeMutablePointer<Float>, into pixels: UnsafeMutablePointer<UInt8>, random: inout SeededRandom
  ) {
    let brightness = random.uniform(0.65, 1)
    let noise = random.uniform(0.02, 0.14)
    var place = 0
    while place < side * side {
      // The sum of four 16-bit numbers out of one draw: close enough to a normal distribution, and exact.
      let bits = random.next()
      let sum = (bits & 0xFFFF) &+ (bits >> 16 & 0xFFFF) &+ (bits >> 32 & 0xFFFF) &+ (bits >> 48)
      let bell = (Float(sum) * 0x1p-16 - 2) * 1.7320508
      let value = canvas[place] * brightness + noise * bell
      pixels[place] = UInt8(max(0, min(255, value * 255)))
      place &+= 1
    }
  }

  /// Where and how a digit stands on the canvas.
  private struct Pose {
    private let xx: Float
    private let xy: Float
    private let yx: Float
    private let yy: Float
    private let shiftX: Float
    private let shiftY: Float

    init(random: inout SeededRandom) {
      let angle = random.uniform(-0.3, 0.3)
      // Taylor series, exact to 1e-6 in this range.
      let square = angle * angle
      let sine = angle * (1 - square / 6 * (1 - square / 20))
      let cosine = 1 - square / 2 * (1 - square / 12)
      let slant = random.uniform(-0.25, 0.25)
      let width = random.uniform(0.75, 1.15) * Float(side)
      let height = random.uniform(0.8, 1.15) * Float(side)
      xx = cosine * width
      xy = (cosine * slant - sine) * height
      yx = sine * width
      yy = (sine * slant + cosine) * height
      shiftX = Float(side - 1) / 2 + random.uniform(-3, 3)
      shiftY = Float(side - 1) / 2 + random.uniform(-3, 3)
    }

    /// Unit square → pixels.
    func place(_ point: DigitStrokes.Point) -> DigitStrokes.Point {
      let x = point.x - 0.5
      let y = point.y - 0.5
      return DigitStrokes.Point(x: xx * x + xy * y + shiftX, y: yx * x + yy * y + shiftY)
    }
  }
}

extension SeededRandom {
  /// 0..<count in random order, from a generator that is used for nothing else.
  fileprivate func permuted(_ count: Int) -> [Int32] {
    var copy = self
    return copy.permutation(count)
  }
}
