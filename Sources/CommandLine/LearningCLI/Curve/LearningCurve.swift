import CommandLineKit
import Foundation
import Learning

/// Loss and accuracy over the epochs of a training as a picture (SVG): two panels, train and test in each, for light and
/// dark backgrounds.
struct LearningCurve: Sendable {
  private let title: String
  private let unit: String
  private let panels: [CurvePanel]

  /// nil where there are fewer than two epochs: a point is no curve.
  /// - Parameter unit: what an epoch is called, for the axis.
  init?(_ history: [EpochRecord], title: String, unit: String) {
    guard history.count > 1 else { return nil }
    self.title = title
    self.unit = unit
    func series(_ name: CurvePanel.Series.Name, _ value: (EpochRecord) -> Double?) -> CurvePanel.Series? {
      let points = history.compactMap { record in
        value(record).flatMap { $0.isFinite ? CurvePanel.Point(x: Double(record.epoch), y: $0) : nil }
      }
      return points.isEmpty ? nil : CurvePanel.Series(name: name, points: points)
    }
    panels = [
      CurvePanel(
        title: "Loss", detail: "mean cross-entropy", limit: .infinity,
        series: [series(.train, \.trainLoss), series(.test, \.testLoss)].compactMap { $0 }),
      CurvePanel(
        title: "Accuracy", detail: "share of rows right", limit: 1,
        series: [series(.train, \.trainAccuracy), series(.test, \.testAccuracy)].compactMap { $0 }),
    ]
  }

  private static let width = 960.0
  private static let height = 400.0

  /// The picture as the text of an SVG file.
  func svg() -> String {
    var lines = [
      #"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \#(Int(Self.width)) \#(Int(Self.height))" "#
        + #"width="\#(Int(Self.width))" height="\#(Int(Self.height))" role="img" aria-labelledby="title">"#,
      "<title id=\"title\">\(SVGText.escaped(title)): loss and accuracy by \(SVGText.escaped(unit))</title>",
      "<style>\(Self.style)</style>",
      #"<rect class="ground" width="100%" height="100%"/>"#,
      #"<text class="title" x="24" y="34">\#(SVGText.escaped(title))</text>"#,
    ]
    let room = Self.width / Double(panels.count)
    for (index, panel) in panels.enumerated() {
      let frame = CurvePanel.Frame(
        left: Double(index) * room + 76, top: 104, right: Double(index + 1) * room - 28, bottom: Self.height - 58)
      lines += panel.svg(in: frame, unit: unit)
    }
    lines.append("</svg>")
    return lines.joined(separator: "\n") + "\n"
  }

  // Blue and orange stay apart for every kind of colour blindness; each ground has shades of its own that are at least
  // three to one against it.
  private static let style = """

    text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;font-size:13px;fill:#52514e}
    .title{font-size:18px;font-weight:600;fill:#0b0b0b}
    .panel{font-size:14px;font-weight:600;fill:#0b0b0b}
    .note{font-size:12px;font-weight:400;fill:#52514e}
    .tick{font-size:12px;font-variant-numeric:tabular-nums}
    .ground{fill:#fcfcfb}
    .grid{stroke:#e4e3df;stroke-width:1}
    .axis{stroke:#a3a29c;stroke-width:1}
    .line{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
    .line.train{stroke:#2a78d6}
    .line.test{stroke:#d6541c}
    .dot.train{fill:#2a78d6}
    .dot.test{fill:#d6541c}
    @media (prefers-color-scheme:dark){
    text,.note{fill:#c3c2b7}
    .title,.panel{fill:#ffffff}
    .ground{fill:#1a1a19}
    .grid{stroke:#33332f}
    .axis{stroke:#6f6e68}
    .line.train{stroke:#5b9ff0}
    .line.test{stroke:#f07b45}
    .dot.train{fill:#5b9ff0}
    .dot.test{fill:#f07b45}
    }

    """
}

/// Text within an SVG file.
enum SVGText {
  /// `text` with XML's special characters escaped and those left out that XML 1.0 does not allow.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\t", "\n", "\r": result += " "
      case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: break
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A coordinate: a tenth of a pixel is finer than anybody sees.
  static func number(_ value: Double) -> String {
    let text = Figures.fixed(value, digits: 1)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
