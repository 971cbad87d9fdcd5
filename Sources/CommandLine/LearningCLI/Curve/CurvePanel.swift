import CommandLineKit

/// One pair of axes with its lines.
struct CurvePanel: Sendable {
  struct Point: Sendable, Equatable {
    var x: Double
    var y: Double
  }

  struct Series: Sendable {
    /// Also the class that gives the line its colour.
    enum Name: String, Sendable {
      case train
      case test
    }
    var name: Name
    /// At least one, by ascending x.
    var points: [Point]
  }

  /// Where the lines go, in pixels.
  struct Frame: Sendable {
    var left: Double
    var top: Double
    var right: Double
    var bottom: Double
  }

  var title: String
  /// What the numbers are, in small print.
  var detail: String
  /// The values' upper bound.
  var limit: Double
  var series: [Series]

  /// Points that are marked; more would run into each other.
  private static let maximumDots = 40

  /// The panel's elements.
  func svg(in frame: Frame, unit: String) -> [String] {
    let all = series.flatMap(\.points)
    let across = AxisScale(all.map(\.x), count: 8, whole: true)
    let up = AxisScale(all.map(\.y), limit: limit)
    func x(_ value: Double) -> String {
      SVGText.number(frame.left + across.place(value) * (frame.right - frame.left))
    }
    func y(_ value: Double) -> String {
      SVGText.number(frame.bottom - up.place(value) * (frame.bottom - frame.top))
    }
    let (left, right, bottom) = (
      SVGText.number(frame.left), SVGText.number(frame.right), SVGText.number(frame.bottom)
    )
    var lines = header(frame)
    for tick in up.ticks {
      lines.append(#"<line class="grid" x1="\#(left)" y1="\#(y(tick))" x2="\#(right)" y2="\#(y(tick))"/>"#)
      lines.append(
        #"<text class="tick" x="\#(SVGText.number(frame.left - 8))" y="\#(y(tick))" dy="4" text-anchor="end">"#
          + "\(up.text(tick))</text>")
    }
    lines.append(#"<line class="axis" x1="\#(left)" y1="\#(bottom)" x2="\#(right)" y2="\#(bottom)"/>"#)
    for tick in across.ticks {
      let foot = SVGText.number(frame.bottom + 5)
      lines.append(#"<line class="axis" x1="\#(x(tick))" y1="\#(bottom)" x2="\#(x(tick))" y2="\#(foot)"/>"#)
      lines.append(
        #"<text class="tick" x="\#(x(tick))" y="\#(SVGText.number(frame.bottom + 20))" text-anchor="middle">"#
          + "\(across.text(tick))</text>")
    }
    let middle = SVGText.number((frame.left + frame.right) / 2)
    lines.append(
      #"<text x="\#(middle)" y="\#(SVGText.number(frame.bottom + 42))" text-anchor="middle">\#(SVGText.escaped(unit))</text>"#
    )
    for line in series { lines += drawn(line, x, y) }
    return lines
  }

  private func drawn(_ line: Series, _ x: (Double) -> String, _ y: (Double) -> String) -> [String] {
    let places = line.points.map { "\(x($0.x)),\(y($0.y))" }.joined(separator: " ")
    var lines = [#"<polyline class="line \#(line.name.rawValue)" points="\#(places)"/>"#]
    if line.points.count <= Self.maximumDots {
      lines += line.points.map {
        #"<circle class="dot \#(line.name.rawValue)" cx="\#(x($0.x))" cy="\#(y($0.y))" r="3"/>"#
      }
    }
    return lines
  }

  /// The panel's title, and under it the legend with the value each line ends at.
  private func header(_ frame: Frame) -> [String] {
    let row = frame.top - 18
    var lines = [
      #"<text class="panel" x="\#(SVGText.number(frame.left))" y="\#(SVGText.number(row - 22))">\#(title)"#
        + #"<tspan class="note" dx="8">\#(detail)</tspan></text>"#
    ]
    var left = frame.left
    for line in series {
      let (name, last) = (line.name.rawValue, line.points.last?.y)
      let height = SVGText.number(row - 4)
      lines.append(
        #"<line class="line \#(name)" x1="\#(SVGText.number(left))" y1="\#(height)" x2="\#(SVGText.number(left + 20))" y2="\#(height)"/>"#
      )
      lines.append(
        #"<text x="\#(SVGText.number(left + 28))" y="\#(SVGText.number(row))">\#(name) \#(Figures.metric(last))</text>"#
      )
      left += 130
    }
    return lines
  }
}
