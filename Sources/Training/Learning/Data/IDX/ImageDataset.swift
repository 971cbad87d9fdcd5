import TrainingDefinition

/// Grey images with labels, and how they become a data set: bytes · 1/255, no standardising.
struct LabelledImages {
  /// Height and width, or whatever the file's dimensions after the first are.
  var shape: [Int]
  var pixels: ByteBuffer
  /// One byte an image.
  var labels: [UInt8]
}

/// IDX files as a data set.
enum ImageDataset {
  static let scale: Float = 1.0 / 255

  /// Loads a directory that holds MNIST's four files (then training and test sets are as given; without the two t10k
  /// files the test set is split off), or one images file with its labels file beside it.
  /// - Throws: `fileUnreadable`, `badIDX`, `emptyDataset`, `singleClass`, `unseenClass`.
  static func load(path: String, request: DatasetRequest) throws(LearningError) -> Dataset {
    guard FileReader.isDirectory(path) else {
      let images = try read(images: path, labels: try labelsBeside(path))
      return try make(images, request: request)
    }
    let train = try read(
      images: try find("train-images-idx3-ubyte", in: path), labels: try find("train-labels-idx1-ubyte", in: path))
    guard let testImages = try? find("t10k-images-idx3-ubyte", in: path) else {
      return try make(train, request: request)
    }
    let test = try read(images: testImages, labels: try find("t10k-labels-idx1-ubyte", in: path))
    guard test.shape == train.shape else {
      throw .badIDX(path: testImages, detail: "its images are \(test.shape), those to train on are \(train.shape)")
    }
    return try assemble(train: train, test: test)
  }

  /// Splits one set of images as the request says.
  static func make(_ images: LabelledImages, request: DatasetRequest) throws(LearningError) -> Dataset {
    let none = LabelledImages(shape: images.shape, pixels: ByteBuffer(count: 0), labels: [])
    let whole = try assemble(train: images, test: none)
    guard request.heldOut > 0 else { return whole }
    let split = TrainTestSplit.make(whole.train.labels, request: request)
    return try Dataset(
      train: whole.train.selecting(split.train), test: whole.train.selecting(split.test),
      preprocessing: whole.preprocessing
    ).validated()
  }

  private static func assemble(train: LabelledImages, test: LabelledImages) throws(LearningError) -> Dataset {
    guard !train.labels.isEmpty else { throw .emptyDataset(detail: "there are no images") }
    let present = Set(train.labels).union(test.labels).sorted()
    var place = [Int32](repeating: 0, count: 256)
    for (index, label) in present.enumerated() { place[Int(label)] = Int32(truncatingIfNeeded: index) }
    let width = train.shape.reduce(1, *)
    func examples(_ images: LabelledImages) -> Examples {
      Examples(
        features: .bytes(images.pixels, scale: scale), labels: images.labels.map { place[Int($0)] }, width: width)
    }
    return try Dataset(
      train: examples(train), test: examples(test),
      preprocessing: Preprocessing(
        input: .image(shape: train.shape, scale: scale), targetColumn: nil, classes: present.map { String($0) })
    ).validated()
  }

  private static func read(images: String, labels: String) throws(LearningError) -> LabelledImages {
    let pixels = try IDXFile.read(images)
    guard pixels.shape.count >= 2 else {
      throw .badIDX(path: images, detail: "images need at least 2 dimensions; it has \(pixels.shape.count)")
    }
    guard pixels.itemSize > 0 else { throw .badIDX(path: images, detail: "its images have no pixels") }
    let numbers = try IDXFile.read(labels)
    guard numbers.shape.count == 1 else {
      throw .badIDX(path: labels, detail: "labels need 1 dimension; it has \(numbers.shape.count)")
    }
    guard numbers.count == pixels.count else {
      throw .badIDX(path: labels, detail: "it has \(numbers.count) labels for \(pixels.count) images")
    }
    return LabelledImages(
      shape: Array(pixels.shape.dropFirst()), pixels: pixels.elements, labels: numbers.elements.array)
  }

  private static func find(_ name: String, in directory: String) throws(LearningError) -> String {
    let path = directory + "/" + name
    for candidate in [path, path + ".gz"] where FileReader.isFile(candidate) { return candidate }
    throw .fileUnreadable(path: path, detail: "neither it nor \(name).gz is there", retryable: false)
  }

  /// "x-images-idx3-ubyte.gz" → "x-labels-idx1-ubyte.gz" (or without .gz, or with, whichever is there).
  private static func labelsBeside(_ images: String) throws(LearningError) -> String {
    guard FileReader.isFile(images) else {
      throw .fileUnreadable(path: images, detail: "No such file or directory", retryable: false)
    }
    var parts = images.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    let name = parts.removeLast()
    guard let mark = name.firstRange(of: "images") else {
      throw .fileUnreadable(
        path: images, detail: "its labels cannot be found: its name does not hold \"images\"", retryable: false)
    }
    var labels = name.replacingCharacters(in: mark, with: "labels")
    if let dimension = labels.firstRange(of: "idx3") { labels.replaceSubrange(dimension, with: "idx1") }
    let plain = labels.hasSuffix(".gz") ? String(labels.dropLast(3)) : labels
    return try find(plain, in: parts.joined(separator: "/"))
  }
}

extension String {
  fileprivate func replacingCharacters(in range: Range<String.Index>, with text: String) -> String {
    var copy = self
    copy.replaceSubrange(range, with: text)
    return copy
  }
}
