import CommandLineKit

/// Draws a run's curves as text, a panel under the other; pure.
struct CurveChart {
  var style: TextStyle
  /// Columns of a line.
  var width: Int
  /// Rows of each panel, without its axis.
  var height: Int

  func lines(_ curves: RunCurves) -> [String] {
    curves.panels.enumerated().flatMap { place, panel in
      (place > 0 ? [""] : []) + lines(panel, unit: curves.unit)
    }
  }

  private func lines(_ panel: RunCurves.Panel, unit: String) -> [String] {
    let points = panel.series.flatMap(\.points)
    let across = AxisScale(points.map(\.x), count: max(2, width / 14), whole: true)
    // Shares end at one, whatever the margin.
    let isShare = panel.metric == "accuracy" && points.allSatisfy { $0.y <= 1 }
    let up = AxisScale(points.map(\.y), count: max(2, height / 3), limit: isShare ? 1 : .infinity)
    let margin = up.ticks.map { up.text($0).count }.max() ?? 1
    var canvas = PlotCanvas(
      columns: max(10, width - margin - 2), rows: height, kind: style.usesColour && style.usesUnicode ? .dots : .marks)
    for (owner, series) in panel.series.enumerated() {
      let places = series.points.map { point in
        (
          x: Int((across.place(point.x) * Double(canvas.width - 1)).rounded()),
          y: Int(((1 - up.place(point.y)) * Double(canvas.height - 1)).rounded())
        )
      }
      for (place, last) in zip(places, [places.first].compactMap { $0 } + places) {
        // Steps jump about: a line through them would hide everything.
        canvas.line(from: series.isSampled ? place : last, to: place, owner: owner)
      }
    }
    var ticks: [Int: String] = [:]
    for tick in up.ticks { ticks[Int(((1 - up.place(tick)) * Double(height - 1)).rounded())] = up.text(tick) }
    let body = (0..<height).map { row in
      let label = ticks[row] ?? ""
      return String(repeating: " ", count: margin - label.count) + label
        + (style.usesUnicode ? (ticks[row] == nil ? " │" : " ┤") : " |")
        + painted(canvas.row(row, mark: { mark(panel.series[$0]) }), panel)
    }
    return [legend(panel, unit: unit)] + body + axis(across, columns: canvas.columns, margin: margin)
  }

  // MARK: Parts

  private func legend(_ panel: RunCurves.Panel, unit: String) -> String {
    let hasDots = style.usesColour && style.usesUnicode
    let entries = panel.series.map { series in
      let sign = hasDots ? (series.isSampled ? "⠂⠄⠁" : "⠤⠤⠤") : String(mark(series))
      let last = series.isSampled ? "by step" : Figures.metric(series.points.last?.y)
      return style.paint(sign, colour(series)) + " \(series.name) \(last)"
    }
    return style.paint(panel.metric, .bold) + " by \(unit)   " + entries.joined(separator: "   ")
  }

  private func mark(_ series: RunCurves.Series) -> Character {
    if series.isSampled { return series.name == "train" ? "." : "," }
    switch series.name {
    case "test", "validation", "val": return style.usesUnicode ? "○" : "o"
    default: return style.usesUnicode ? "●" : "*"
    }
  }

  private func colour(_ series: RunCurves.Series) -> TextStyle.Colour {
    if series.isSampled { return .dim }
    return ["test", "validation", "val"].contains(series.name) ? .yellow : .blue
  }

  /// A row, with one escape sequence for each stretch of a colour.
  private func painted(_ cells: [(character: Character, owner: Int?)], _ panel: RunCurves.Panel) -> String {
    var line = ""
    var rest = cells[...]
    while let last = rest.last, last.owner == nil { rest.removeLast() }
    while let first = rest.first {
      let stretch = rest.prefix { $0.owner == first.owner }
      line += style.paint(String(stretch.map(\.character)), first.owner.map { colour(panel.series[$0]) })
      rest = rest.dropFirst(stretch.count)
    }
    return line
  }

  private func axis(_ scale: AxisScale, columns: Int, margin: Int) -> [String] {
    var rule = [Character](repeating: style.usesUnicode ? "─" : "-", count: columns)
    var labels = [Character](repeating: " ", count: columns + margin + 2)
    var free = 0
    for tick in scale.ticks {
      let place = Int((scale.place(tick) * Double(columns - 1)).rounded())
      rule[place] = style.usesUnicode ? "┬" : "+"
      let text = Array(scale.text(tick))
      let start = min(max(0, place + margin + 2 - text.count / 2), labels.count - text.count)
      // Texts that touch could be read as one.
      guard start >= free else { continue }
      labels.replaceSubrange(start..<start + text.count, with: text)
      free = start + text.count + 1
    }
    let corner = String(repeating: " ", count: margin + 1) + (style.usesUnicode ? "└" : "+")
    var line = String(labels)
    while line.last == " " { line.removeLast() }
    return [corner + String(rule), line]
  }
}
