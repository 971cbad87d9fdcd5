import Basics
import Glibc
import KubeTypes

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Two columns of figures and their ratio, as a table or as JSON.
enum Report {
  static func print(
    title: String, columns: (String, String), rows: [(name: String, ours: Double, theirs: Double, digits: Int)],
    json: Bool
  ) {
    if json {
      let figures = rows.map { row -> JSONValue in
        [
          "name": .string(row.name), "ours": .double(row.ours), "theirs": .double(row.theirs),
          "ratio": .double(row.ours / row.theirs),
        ]
      }
      let tree = JSONValue.object([
        "title": .string(title), "ours": .string(columns.0), "theirs": .string(columns.1), "figures": .array(figures),
      ])
      Swift.print(String(decoding: (try? JSON.encode(tree)) ?? Data(), as: UTF8.self))
      return
    }
    Swift.print(title)
    func line(_ cells: [String]) {
      let widths = [22, 16, 16, 8]
      Swift.print(
        zip(cells, widths).map { cell, width in
          cell + String(repeating: " ", count: max(1, width - cell.count))
        }.joined())
    }
    line(["", columns.0, columns.1, "ratio"])
    for row in rows {
      line([
        row.name, row.ours.text(row.digits), row.theirs.text(row.digits), (row.ours / row.theirs).text(2),
      ])
    }
  }
}

/// Says on standard error how far the run has come.
func progress(_ text: String) {
  let line = Array((text + "\n").utf8)
  _ = write(STDERR_FILENO, line, line.count)
}
