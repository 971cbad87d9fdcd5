import Foundation
import Testing

@testable import RegistryCLI

@Suite struct DatasetCommandTests {
  static let flowers = "length,colour\n1.5,red\n2.5,blue\n,red\n"

  @Test func aPutDataSetIsListedShownAndBroughtBack() async throws {
    let bench = try Bench()
    let path = try bench.file("flowers.csv", Self.flowers)
    let put = await bench.run("datasets", "put", "flowers", path)
    #expect(put.code == 0 && put.complaints.isEmpty)
    #expect(
      put.output.wholeMatch(of: #/dataset\/flowers [0-9a-f]{12}: 3 rows of 2 columns, 36 B\n/#) != nil, "\(put.output)")

    let list = await bench.run("ds", "list")
    #expect(list.cells(0) == ["NAME", "VERSION", "FORMAT", "ROWS", "COLUMNS", "SIZE", "AGE"])
    let row = list.cells(1)
    #expect(row.count == 7 && row[0] == "flowers" && row[2...] == ["CSV", "3", "2", "36 B", "3d"])

    let show = await bench.run("dataset", "show", "flowers@\(row[1])")
    #expect(show.output.contains("Rows:     3\n"))
    #expect(show.output.contains("length   number   1         2          1.5   2.5   2      0.5\n"), "\(show.output)")
    #expect(show.output.contains("colour   text     0         2          -     -     -      -\n"))

    let get = await bench.run("datasets", "get", "flowers", "-d", bench.path("out"))
    #expect(get.code == 0 && get.output == bench.path("out/flowers.csv") + "\n")
    #expect(try bench.text("out/flowers.csv") == Self.flowers)
  }

  @Test func equalContentsMakeOneVersionAndOthersAnother() async throws {
    let bench = try Bench()
    let path = try bench.file("a.csv", Self.flowers)
    let first = await bench.run("datasets", "put", "a", path, "-o", "name")
    let again = await bench.run("datasets", "put", "a", path, "-o", "name")
    #expect(first.output == again.output && first.output.hasPrefix("a@"))
    try bench.file("a.csv", Self.flowers + "3.5,green\n")
    let other = await bench.run("datasets", "put", "a", path, "-o", "name")
    #expect(other.output != first.output)
    let show = await bench.run("datasets", "show", "a", "-o", "json")
    #expect(try (show.json()["versions"] as? [String])?.count == 2)
    let old = await bench.run("datasets", "show", first.output.trimmingCharacters(in: .newlines), "-o", "json")
    #expect(try (old.json()["summary"] as? [String: Any])?["rows"] as? Int == 3)
  }

  @Test func badRowsAreWarnedOfAndKept() async throws {
    let bench = try Bench()
    let text = "a,b\n1,2\n3\n4,5\n"
    let put = await bench.run("datasets", "put", "bad", try bench.file("bad.csv", text))
    #expect(put.code == 0)
    #expect(put.complaints == "warning: bad.csv: one row is left out: line 3 has 1 cells, not 2\n")
    _ = await bench.run("datasets", "get", "bad", "-d", bench.path("out"))
    #expect(try bench.text("out/bad.csv") == text)
    let hopeless = await bench.run("datasets", "put", "empty", try bench.file("empty.csv", ""))
    #expect(hopeless.code == 0 && hopeless.complaints.contains("kept without a summary"))
  }

  @Test func whatIsNoTableHasNoSummary() async throws {
    let bench = try Bench()
    let path = try bench.file("blob.bin", "xyz")
    let put = await bench.run("datasets", "put", "blob", path)
    #expect(put.code == 0 && put.complaints.contains("neither CSV nor IDX"))
    let silent = await bench.run("datasets", "put", "blob", path, "--no-summary")
    #expect(silent.code == 0 && silent.complaints.isEmpty)
    #expect(await bench.run("datasets", "list").cells(1)[2...4] == ["-", "-", "-"])
    let told = await bench.run(
      "datasets", "put", "told", try bench.file("t.txt", "1,2\n3,4\n"), "--format", "csv", "--no-header", "-o", "json")
    let summary = try told.json()["summary"] as? [String: Any]
    #expect((summary?["columns"] as? [[String: Any]])?.compactMap { $0["name"] as? String } == ["column1", "column2"])
  }

  @Test func jsonHasTheDocumentedNames() async throws {
    let bench = try Bench()
    _ = await bench.run("datasets", "put", "flowers", try bench.file("flowers.csv", Self.flowers))
    let list = await bench.run("datasets", "list", "-o", "json")
    #expect(try list.json()["total"] as? Int == 1)
    let item = try #require(try list.items().first)
    #expect(Set(item.keys) == ["name", "version", "created", "size", "files", "summary"])
    #expect(try Date(#require(item["created"] as? String), strategy: .iso8601) < Date())
    let file = try #require((item["files"] as? [[String: Any]])?.first)
    #expect(Set(file.keys) == ["name", "size", "sha256"])
    let yaml = await bench.run("datasets", "list", "-o", "yaml")
    #expect(yaml.output.hasPrefix("items:\n- created: ") && yaml.output.hasSuffix("total: 1\n"), "\(yaml.output)")
  }

  @Test func getReplacesNothingUnasked() async throws {
    let bench = try Bench()
    _ = await bench.run("datasets", "put", "a", try bench.file("a.csv", Self.flowers))
    try bench.file("out/a.csv", "mine")
    let refused = await bench.run("datasets", "get", "a", "-d", bench.path("out"))
    #expect(refused.code == 1 && refused.complaints.contains("--force"))
    #expect(try bench.text("out/a.csv") == "mine")
    #expect(await bench.run("datasets", "get", "a", "-d", bench.path("out"), "--force").code == 0)
    #expect(try bench.text("out/a.csv") == Self.flowers)
    let nowhere = await bench.run("datasets", "get", "a", "-d", bench.path("out/a.csv/below"))
    #expect(nowhere.code == 1 && nowhere.complaints.contains("choose another place"), "\(nowhere)")
    // The same file is no other file.
    #expect(await bench.run("datasets", "get", "a", "-d", bench.path("out")).code == 0)
  }

  @Test func whatIsNotThereIsSaidWithWhatMayHaveBeenMeant() async throws {
    let bench = try Bench()
    _ = await bench.run("datasets", "put", "flowers", try bench.file("flowers.csv", Self.flowers))
    for arguments in [["show", "flowrs"], ["get", "flowrs"], ["delete", "flowrs", "--yes"]] {
      let outcome = await bench.run("datasets", arguments[0], arguments[1])
      #expect(outcome.code == 1)
      #expect(outcome.complaints == "error: there is no data set \"flowrs\"; did you mean \"flowers\"?\n")
    }
    let version = await bench.run("datasets", "show", "flowers@ffff00")
    #expect(version.code == 1 && version.complaints.contains("no version \"ffff00\"; its versions are "))
    let missing = await bench.run("datasets", "put", "a", bench.path("nowhere.csv"))
    #expect(missing.code == 1 && missing.complaints.contains("nowhere.csv"))
    let slashes = await bench.run("datasets", "put", "a/b", try bench.file("a.csv", "a\n1\n"))
    #expect(slashes.code == 64 && slashes.complaints.contains("a/b"))
    let empty = await bench.run(
      "datasets", "put", "e",
      {
        try? FileManager.default.createDirectory(atPath: $0, withIntermediateDirectories: true); return $0
      }(bench.path("hollow")))
    #expect(empty.code == 1 && empty.complaints.contains("no files"))
  }

  @Test func deletingAsksFirst() async throws {
    let bench = try Bench()
    _ = await bench.run("datasets", "put", "a", try bench.file("a.csv", Self.flowers))
    let nobody = await bench.run("datasets", "delete", "a")
    #expect(nobody.code == 64 && nobody.complaints.contains("--yes"))
    let no = await bench.run("datasets", "delete", "a", answer: "")
    #expect(no.code == 1 && no.complaints.contains("Remove data set a with its only version for good? [y/N] "))
    #expect(await bench.run("datasets", "show", "a").code == 0)
    let yes = await bench.run("datasets", "delete", "a", answer: "Y")
    #expect(yes.code == 0 && yes.output == "dataset/a deleted\n")
    #expect(await bench.run("datasets", "show", "a").code == 1)
  }

  @Test func oneVersionCanBeDeleted() async throws {
    let bench = try Bench()
    let path = try bench.file("a.csv", Self.flowers)
    let first = await bench.run("datasets", "put", "a", path, "-o", "name")
    try bench.file("a.csv", "x\n1\n")
    let second = await bench.run("datasets", "put", "a", path, "-o", "name")
    let delete = await bench.run("datasets", "rm", second.lines[0], "-y")
    #expect(delete.code == 0)
    #expect(await bench.run("datasets", "list", "-o", "json").output.contains(String(first.lines[0].dropFirst(2))))
  }

  @Test func listsAreSortedAndPaged() async throws {
    let bench = try Bench()
    for (name, rows) in [("b", 1), ("c", 3), ("a", 2)] {
      let text = "x\n" + String(repeating: "1\n", count: rows)
      _ = await bench.run("datasets", "put", name, try bench.file("\(name).csv", text))
    }
    #expect(await bench.run("datasets", "list").names == ["a", "b", "c"])
    #expect(await bench.run("datasets", "list", "--reverse").names == ["c", "b", "a"])
    #expect(await bench.run("datasets", "list", "--sort-by", "size").names == ["c", "a", "b"])
    #expect(await bench.run("datasets", "list", "--sort-by", "size", "-r").names == ["b", "a", "c"])
    let page = await bench.run("datasets", "list", "--limit", "2")
    #expect(page.names == ["a", "b"] && page.complaints == "2 of 3; --page 2 shows more\n")
    let last = await bench.run("datasets", "list", "--limit", "2", "--page", "2")
    #expect(last.names == ["c"] && last.complaints == "3 to 3 of 3; this is the last page\n")
    let beyond = await bench.run("datasets", "list", "--limit", "2", "--page", "9")
    #expect(beyond.output.isEmpty && beyond.complaints == "page 9 is empty: there are 3, on 2 pages\n")
    #expect(await bench.run("datasets", "list", "--since", "1h").complaints.hasPrefix("No data sets found in "))
    #expect(await bench.run("datasets", "list", "--since", "4d").names.count == 3)
    let metric = await bench.run("datasets", "list", "--sort-by", "accuracy")
    #expect(metric.code == 64 && metric.complaints.contains("name, created, size"))
  }
}
