/// Something about the data that is no error, and that its owner should know before trusting the model.
package struct DatasetWarning: Codable, Sendable, Equatable {
  package enum Reason: String, Codable, Sendable {
    /// The column numbers or names the rows: a model can only learn it by heart.
    case identifierColumn = "IdentifierColumn"
    /// The column has one value for each class of the target: the model would be told what it should predict.
    case equalsTarget = "EqualsTarget"
  }

  package var reason: Reason
  package var column: String

  package init(reason: Reason, column: String) {
    self.reason = reason
    self.column = column
  }

  /// One sentence for people, with the cure.
  package var message: String {
    switch reason {
    case .identifierColumn:
      "column \"\(column)\" has another value in every row and looks like an identifier; name it in dropColumns"
    case .equalsTarget:
      "column \"\(column)\" tells the target exactly; name it in dropColumns unless it is known before the prediction"
    }
  }
}
