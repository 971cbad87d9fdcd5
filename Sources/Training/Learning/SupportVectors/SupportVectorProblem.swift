/// The training of a support vector machine, one against one: a binary problem for each pair of classes.
///
/// Each pair depends on itself only. So pairs are solved in parallel here, and several processes may each solve a range of
/// them: `solve` on disjoint ranges that cover all pairs, and `SupportVectorMachine` of all solutions in order.
package final class SupportVectorProblem {
  package let options: SupportVectorOptions
  /// In the order of the solutions.
  package let pairs: [ClassPair]

  let rows: ClassRows
  private let blas: Blas
  private let pool: ThreadPool

  private static let groupRows = 1 << 16
  private static let groupTasks = 16

  /// - Parameters:
  ///   - examples: training rows; some classes may have none.
  ///   - classes: number of classes.
  ///   - options: what to solve, once the variance of the values is known.
  package init(
    _ examples: Examples, classes: Int, blas: Blas, pool: ThreadPool = .shared,
    options: (_ variance: Double) -> SupportVectorOptions
  ) {
    rows = ClassRows(examples, classes: classes)
    self.options = options(rows.variance)
    pairs = ClassPair.all(classes: classes)
    self.blas = blas
    self.pool = pool
  }

  /// Solves the pairs in `range`, in parallel; the result does not depend on the number of threads.
  package func solve(_ range: Range<Int>) -> [PairSolution] {
    let tasks = range.map(task)
    run(tasks, rounds: .max)
    return tasks.map { $0.provisional() }
  }

  /// The task of a pair, at its start.
  func task(_ index: Int) -> PairTask {
    PairTask(rows, pair: pairs[index], index: index, options: options, blas: blas, pool: pool)
  }

  /// The tasks from a pair on that are taken up together: about `groupRows` rows, at least one task, at most
  /// `groupTasks`.
  func group(from first: Int) -> [PairTask] {
    var tasks: [PairTask] = []
    var rows = 0
    while first + tasks.count < pairs.count, tasks.count < Self.groupTasks, rows < Self.groupRows {
      let task = task(first + tasks.count)
      tasks.append(task)
      rows += task.count
    }
    return tasks
  }

  /// Lets each task make at most `rounds` rounds.
  func run(_ tasks: [PairTask], rounds: Int) {
    blas.alone {
      pool.run(tasks.count) { tasks[$0].run(rounds: rounds) }
    }
  }
}
