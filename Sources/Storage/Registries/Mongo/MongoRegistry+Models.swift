import Mongo

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension MongoRegistry {
  private var models: MongoCollection { collection(MongoSchema.models) }

  /// What the URIs of models begin with: the place without a user.
  private var place: String { "mongodb://\(client.uri.hosts.joined(separator: ","))/\(client.database)" }

  // MARK: Registering

  package func registerModel(_ draft: ModelDraft) async throws(RegistryError) -> ModelRecord {
    let info = draft.info
    try RegistryName.checked(info.name, "model name")
    try RegistryName.checked(info.run, "run")
    guard !draft.files.isEmpty else { throw .invalidContents(detail: "a model without files cannot be registered") }
    for file in draft.files { try RegistryName.checked(file.name, "model file") }
    try checkFinite(info.metrics, "model \(info.name)")
    try await ready()
    if let known = try await model(info.name, run: info.run, fingerprint: info.fingerprint) { return known }

    let what = "model \(info.name)"
    let (files, upload) = try await upload(
      draft.files.map { ($0.name, $0.data) }, to: MongoSchema.models,
      metadata: ["model": .string(info.name), "run": .string(info.run)], what)
    do {
      let registered = try await publish(info, files, what)
      if registered.isNew { await end(upload) } else { await discard(upload) }
      return registered.record
    } catch {
      // A document that may be there after all needs its files.
      if !error.leavesWriteInDoubt { await discard(upload) }
      throw error
    }
  }

  /// Makes a model visible, if its run has not registered one meanwhile.
  private func publish(
    _ info: ModelInfo, _ files: [KeptFile], _ what: String
  ) async throws(RegistryError) -> (record: ModelRecord, isNew: Bool) {
    var document = ModelDocument(info: info, number: 0, created: Self.now(), files: files)
    while true {
      let newest = try await mapped(what) { () async throws(MongoError) in
        try await models.findOne(["name": .string(info.name)], sort: ["number": -1], projection: ["number": 1])
      }
      let number = try await insertNumbered(
        into: models, after: newest?["number"]?.intValue ?? 0, unless: MongoSchema.oneModelARun, what
      ) { number throws(RegistryError) in
        var numbered = document
        numbered.number = number
        return try numbered.document()
      }
      if let number {
        document.number = number
        return (document.record(at: place), true)
      }
      if let known = try await model(info.name, run: info.run, fingerprint: info.fingerprint) { return (known, false) }
      // It was deleted in between: now there is a place for this one.
    }
  }

  // MARK: Finding

  /// The document of one version; nil where there is none, or it was deleted.
  private func find(_ name: String, _ version: String) async throws(RegistryError) -> ModelDocument? {
    guard let number = ModelDocument.number(version) else { return nil }
    let found = try await mapped("model \(name) \(version)") { () async throws(MongoError) in
      try await models.findOne(["name": .string(name), "number": .int(number), "live": true])
    }
    return try found.map { document throws(RegistryError) in try ModelDocument(document) }
  }

  /// As above, and where there is none says which there are.
  private func existing(_ name: String, _ version: String?) async throws(RegistryError) -> ModelDocument {
    try RegistryName.checked(name, "model name")
    if let version { try RegistryName.checked(version, "model version") }
    try await ready()
    if let version {
      if let found = try await find(name, version) { return found }
      let known = try await mapped("model \(name)") { () async throws(MongoError) in
        try await models.find(["name": .string(name)], sort: ["number": 1], projection: ["number": 1])
      }
      throw .notFound(
        kind: "model", name: "\(name) \(version)",
        known: known.map { ModelDocument.version($0["number"]?.intValue ?? 0) })
    }
    let newest = try await mapped("model \(name)") { () async throws(MongoError) in
      try await models.findOne(["name": .string(name), "live": true], sort: ["number": -1])
    }
    if let newest { return try ModelDocument(newest) }
    let names = try await mapped("the list of models") { () async throws(MongoError) in
      try await models.distinct("name", ["live": true])
    }
    throw .notFound(kind: "model", name: name, known: names.compactMap(\.stringValue).sorted())
  }

  package func model(_ name: String, version: String?) async throws(RegistryError) -> ModelRecord {
    try await existing(name, version).record(at: place)
  }

  package func model(
    _ name: String, run: String, fingerprint: String
  ) async throws(RegistryError) -> ModelRecord? {
    try RegistryName.checked(name, "model name")
    try await ready()
    let found = try await mapped("model \(name)") { () async throws(MongoError) in
      try await models.findOne([
        "name": .string(name), "run": .string(run), "fingerprint": .string(fingerprint), "live": true,
      ])
    }
    return try found.map { document throws(RegistryError) in try ModelDocument(document).record(at: place) }
  }

  package func modelFile(_ name: String, version: String, file: String) async throws(RegistryError) -> [UInt8] {
    let model = try await existing(name, version)
    guard let kept = model.files.first(where: { $0.stored.name == file }) else {
      throw .notFound(
        kind: "model file", name: "\(name) \(version) \(file)", known: model.files.map(\.stored.name))
    }
    return try await bytes(of: kept, in: MongoSchema.models, "model \(name) \(version)")
  }

  package func listModels(_ query: ModelQuery) async throws(RegistryError) -> Page<ModelRecord> {
    try await ready()
    let list = MongoList(collection: models, filter: MongoFilter.of(query), base: ["name": 1, "number": -1])
    let key = query.order.flatMap { MongoList.Key($0, name: "name", size: "size") }
    let page = try await mapped("the list of models") { () async throws(MongoError) in
      try await list.page(key, query.slice)
    }
    return Page(
      items: try page.items.map { document throws(RegistryError) in try ModelDocument(document).record(at: place) },
      total: page.total)
  }

  // MARK: Changing

  package func tagModel(
    _ name: String, version: String, adding: [String], removing: [String]
  ) async throws(RegistryError) -> ModelRecord {
    for tag in adding { try RegistryName.checked(tag, "tag") }
    for _ in 0..<20 {
      var model = try await existing(name, version)
      let tags = Set(model.tags).subtracting(removing).union(adding).sorted()
      let before = BSON.array(model.tags.map { .string($0) })
      model.tags = tags
      let counts = try await mapped("model \(name) \(version)") { () async throws(MongoError) in
        try await models.update(
          ["name": .string(name), "number": .int(model.number), "live": true, "tags": before],
          ["$set": ["tags": .array(tags.map { .string($0) })]])
      }
      // Where it did not match, another process has just changed them.
      if counts.matched > 0 { return model.record(at: place) }
    }
    throw .unavailable(detail: "the tags of model \(name) \(version) are changed all the time")
  }

  package func deleteModel(_ name: String, version: String) async throws(RegistryError) {
    try RegistryName.checked(name, "model name")
    try RegistryName.checked(version, "model version")
    try await ready()
    guard let model = try await find(name, version) else { return }
    let upload = try await begin(MongoSchema.models, files: model.files.map(\.file))
    // What remains keeps the number from being given again.
    let tombstone: BSONDocument = [
      "schema": .int(MongoSchema.version), "name": .string(name), "number": .int(model.number),
      "version": .string(version), "live": false, "deleted": .date(Date()),
    ]
    try await mapped("model \(name) \(version)") { () async throws(MongoError) in
      try await models.replace(["name": .string(name), "number": .int(model.number)], tombstone)
    }
    await discard(upload)
  }
}
