import Foundation
import ONNX
import Testing

@Suite struct ModelProtoTests {
  /// Every message and every kind of value once.
  private static let model: ModelProto = {
    var body = GraphProto(name: "b")
    body.outputs = [ValueInfoProto(name: "again", type: .bool, shape: [])]
    var graph = GraphProto(name: "g")
    graph.nodes = [
      NodeProto(
        "LabelEncoder", domain: .machineLearning, inputs: ["t"], outputs: ["c"], name: "LabelEncoder1",
        attributes: [
          .init("keys_strings", .strings(["a", "é"])), .init("values_floats", .floats([0, 1.5])),
          .init("default_float", .float(-1)),
        ]),
      NodeProto(
        "Op", inputs: ["x", "", "c"], outputs: ["y", "z"], name: "Op2",
        attributes: [
          .init("axis", .integer(-1)), .init("perm", .integers([0, 300, -1])), .init("mode", .string("say \"hi\"")),
          .init("body", .graph(body)),
        ]),
      NodeProto("Identity", inputs: ["y"], outputs: ["label"], name: "Identity3"),
    ]
    graph.initialisers = [
      TensorProto(name: "w", shape: [1, 3], .floats([1, -2.5, 3])),
      TensorProto(name: "d", shape: [], .doubles([0.1])),
      TensorProto(name: "i", shape: [2], .integers([-1, 1 << 40])),
      TensorProto(name: "b", shape: [2], .booleans([true, false])),
      TensorProto(name: "s", shape: [2], .strings(["p", ""])),
    ]
    graph.inputs = [
      ValueInfoProto(name: "x", type: .float, shape: [.named("N"), .fixed(2)], documentation: "raw"),
      ValueInfoProto(name: "t", type: .string, shape: [.named("N"), .fixed(1)]),
    ]
    graph.outputs = [ValueInfoProto(name: "label", type: .string, shape: [.named("N")])]
    return ModelProto(producer: "TensorFleet", documentation: "doc", graph: graph, metadata: ["b": "", "a": "1"])
  }()

  /// What the Python package onnx 1.23.2 writes for the same content (`SerializeToString(deterministic=True)`).
  private static let reference = """
    CAgSC1RlbnNvckZsZWV0MgNkb2M6zgMKgAEKAXQSAWMaDUxhYmVsRW5jb2RlcjEiDExhYmVsRW5jb2RlcioYCgxrZXlzX3N0cmluZ3NKAWFKAsOp
    oAEIKhwKDXZhbHVlc19mbG9hdHM9AAAAAD0AAMA/oAEGKhcKDWRlZmF1bHRfZmxvYXQVAACAv6ABAToKYWkub25ueC5tbAp+CgF4CgAKAWMSAXkS
    AXoaA09wMiICT3AqFAoEYXhpcxj///////////8BoAECKhkKBHBlcm1AAECsAkD///////////8BoAEHKhMKBG1vZGUiCHNheSAiaGkioAEDKh8K
    BGJvZHkyFBIBYmIPCgVhZ2FpbhIGCgQICRIAoAEFCh8KAXkSBWxhYmVsGglJZGVudGl0eTMiCElkZW50aXR5EgFnKhcIAQgDEAFCAXdKDAAAgD8A
    ACDAAABAQCoPEAtCAWRKCJqZmZmZmbk/KhkIAhAHQgFpShD//////////wAAAAAAAQAAKgsIAhAJQgFiSgIBACoMCAIQCDIBcDIAQgFzWhkKAXgS
    DwoNCAESCQoDEgFOCgIIAhoDcmF3WhQKAXQSDwoNCAgSCQoDEgFOCgIIAWIUCgVsYWJlbBILCgkICBIFCgMSAU5CBAoAEA1CDgoKYWkub25ueC5t
    bBADcgYKAWESATFyBQoBYhIA
    """

  @Test func bytesAreThoseOfThePythonPackage() throws {
    let reference = try #require(Data(base64Encoded: Self.reference, options: .ignoreUnknownCharacters))
    #expect(Data(Self.model.encoded()) == reference)
  }

  @Test func equalModelsHaveEqualBytes() {
    var copy = Self.model
    copy.metadata = Dictionary(uniqueKeysWithValues: copy.metadata.reversed().map { ($0.key, $0.value) })
    #expect(copy.encoded() == Self.model.encoded())
  }
}

@Suite struct ProtobufWriterTests {
  private static let varints: [(Int64, [UInt8])] = [
    (0, [0x08, 0x00]), (1, [0x08, 0x01]), (127, [0x08, 0x7F]), (128, [0x08, 0x80, 0x01]), (300, [0x08, 0xAC, 0x02]),
    (-1, [0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]),
  ]

  @Test(arguments: varints) func integersAreVarints(value: Int64, bytes: [UInt8]) {
    var writer = ProtobufWriter()
    writer.integer(1, value)
    #expect(writer.bytes == bytes)
  }

  @Test func fieldsAbove15TakeTwoBytes() {
    var writer = ProtobufWriter()
    writer.integer(20, 7)
    writer.string(16, "é")
    writer.float(17, 1)
    #expect(writer.bytes == [0xA0, 0x01, 7, 0x82, 0x01, 2, 0xC3, 0xA9, 0x8D, 0x01, 0, 0, 0x80, 0x3F])
  }
}

@Suite struct GraphBuilderTests {
  @Test func noTwoValuesHaveOneName() {
    var builder = GraphBuilder(name: "g", reserved: ["label"])
    let shape: [ValueInfoProto.Dimension] = [.named("N"), .fixed(1)]
    // A column may be called like an output, like another column's value, or not at all.
    let inputs = ["label", "raw", "", "raw", "raw_input"].map { builder.input($0, .float, shape: shape) }
    let raw = builder.node("Concat", inputs, name: "raw")
    let pair = builder.node("Split", [raw], names: ["raw", "", "raw_value"])
    let weight = builder.constant("raw", shape: [1], .floats([1]))
    builder.output("label", .float, shape: shape, from: "Mul", [pair[0], weight])
    let names = inputs + [raw, pair[0], pair[2], weight, "label"]
    #expect(Set(names).count == names.count)
    #expect(names.allSatisfy { !$0.isEmpty })
    #expect(pair[1].isEmpty)
    #expect(builder.graph.nodes.map(\.name) == ["Concat1", "Split2", "Mul3"])
    #expect(builder.graph.inputs.map(\.name) == inputs)
  }
}
