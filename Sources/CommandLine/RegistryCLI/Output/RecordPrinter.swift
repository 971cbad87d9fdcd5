import ArgumentParser
import Basics
import CommandLineKit
import Foundation
import KubeTypes

/// A list of records as JSON and YAML: what is on the page, and how many there are on all pages.
struct RecordList<Item: Encodable>: Encodable {
  var items: [Item]
  var total: Int
}

/// Writes records in the format that was asked for.
struct RecordPrinter {
  var format: OutputFormat
  var console: Console

  /// Writes something as JSON or YAML.
  /// - Returns: false where neither was asked for.
  func encodes(_ value: some Encodable) throws(RegistryFailure) -> Bool {
    switch format {
    case .json: console.say(try Self.json(value))
    case .yaml: console.output(try Self.yaml(value))
    case .table, .wide, .name: return false
    }
    return true
  }

  /// JSON with its keys sorted, so that two outputs can be compared.
  static func json(_ value: some Encodable) throws(RegistryFailure) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    do { return String(decoding: try encoder.encode(value), as: UTF8.self) } catch {
      throw RegistryFailure("the record cannot be written as JSON: \(error)")
    }
  }

  static func yaml(_ value: some Encodable) throws(RegistryFailure) -> String {
    do {
      return try YAMLText.text(JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(value)))
    } catch {
      throw RegistryFailure("the record cannot be written as YAML: \(error)")
    }
  }

  /// Writes a table with one line of column names.
  func table(_ header: [String], _ rows: [[String]], headers: Bool = true) {
    let lines = TextTable.render([header] + rows)
    console.say(headers ? [console.style.paint(lines[0], .bold)] + lines.dropFirst() : Array(lines.dropFirst()))
  }
}

extension Date {
  /// RFC 3339, in UTC, whole seconds.
  var rfc3339: String { formatted(.iso8601) }
}
