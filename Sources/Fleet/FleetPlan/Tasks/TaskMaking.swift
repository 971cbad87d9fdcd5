import FleetAPI
import KubeTypes

/// Who makes a task: every task of every job is made here.
enum TaskMaking {
  /// A task for one more member of a job's current attempt, on a worker that is free.
  /// - Parameter members: the attempt's tasks that exist, the ended ones too, or those that are made together with this one.
  static func task(
    for job: TrainingJob, besides members: [TrainingTask], on worker: Pod, of pool: WorkerPool
  ) -> TrainingTask {
    let attempt = job.status?.attempt ?? 0
    let member = nextMember(of: attempt, among: members)
    var metadata = ObjectMeta(
      name: TrainingTask.name(job: job.name, attempt: attempt, member: member), namespace: job.namespace,
      labels: [
        Fleet.Label.pool: job.spec.workerPoolName, Fleet.Label.job: job.name, Fleet.Label.worker: worker.name,
        Fleet.Label.managedBy: Fleet.operatorName,
      ])
    metadata.ownerReferences = [job.ownerReference]
    return TrainingTask(
      metadata: metadata,
      spec: TrainingTaskSpec(
        jobName: job.name, jobUID: job.uid, attempt: attempt, member: member,
        worker: WorkerReference(name: worker.name, uid: worker.uid), training: job.effectiveTraining,
        reportIntervalSeconds: ReportInterval.seconds(workers: pool.spec.replicas)))
  }

  /// A number that no member of the attempt had. It only rises: an attempt's tasks stay until the attempt is over, so the
  /// highest that there is tells what was given.
  static func nextMember(of attempt: Int, among tasks: [TrainingTask]) -> Int {
    (tasks.lazy.filter { $0.spec.attempt == attempt }.map(\.spec.member).max() ?? -1) + 1
  }
}
