import Foundation
import Learning
import TrainingDefinition

/// libFuzzer's own loop.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ body: @convention(c) (UnsafePointer<UInt8>, Int) -> CInt
) -> CInt

/// Where SwiftPM has a program begin; libFuzzer's own `main` is then left out.
@_cdecl("data_fuzz_main")
public func start(_ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> CInt {
  var count = count
  var arguments = arguments
  return runDriver(&count, &arguments) { fuzzOneInput($0, $1) }
}

/// The CSV and IDX readers under libFuzzer (llvm.org/docs/LibFuzzer.html): data or a typed error, whatever the bytes.
///
/// The first byte chooses the reader, so that one corpus serves both.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  guard count > 1 else { return 0 }
  let input = ByteBuffer(UnsafeBufferPointer(start: start + 1, count: count - 1))
  do throws(LearningError) {
    if start[0] & 1 == 0 {
      try readTable(input)
    } else {
      let file = try IDXFile.decode(input, path: "input")
      precondition(file.count * file.itemSize == file.elements.count, "sizes that do not fit")
    }
  } catch {
    precondition(!error.message.isEmpty, "an error without a message")
  }
  return 0
}

private func readTable(_ input: ByteBuffer) throws(LearningError) {
  let table = try CSVTable(buffer: input)
  let request = DatasetRequest(uri: "input", targetColumn: table.columns.last, testFraction: 0.25)
  let dataset = try DatasetLoader.load(table, request: request)
  guard case .table(let columns) = dataset.preprocessing.input else { return }
  let encoded = try TableEncoder(columns: columns).encode(table)
  precondition(encoded.count == table.rowCount * columns.count, "cells got lost")
}
