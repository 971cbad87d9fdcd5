# shellcheck shell=bash
# What the benchmarks of the control plane share: a release build, a control plane of their own, an operator on it.
# Sourced after hack/lib.sh; works in $BENCH_DIR, which goes away with the script.

BENCH_DIR='' OPERATOR_PID='' RUNNER_PID=''

bench_cleanup() {
  local pid
  for pid in $OPERATOR_PID $RUNNER_PID; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  if [[ -n $BENCH_DIR ]]; then
    "$HACK/kube" stop --dir "$BENCH_DIR/cluster" >&2 || true
    rm -rf "$BENCH_DIR"
  fi
}

# bench_build PRODUCT...: release builds.
bench_build() {
  [[ -z ${TENSORFLEET_BENCH_NO_BUILD:-} ]] || return 0
  local product
  for product in "$@"; do
    log "building $product (release)"
    (cd "$REPO_ROOT" && swift build -c release --product "$product") >&2
  done
}

# bench_start [OPTIONS OF hack/kube start]: a control plane with the CRDs and roles, and the operator, under its own
# service account, whose process id is in OPERATOR_PID. The Job controller's limits are lifted: its defaults (20
# requests a second) would measure only themselves.
bench_start() {
  BENCH_DIR=$(mktemp -d)
  trap bench_cleanup EXIT
  "$HACK/setup" --kube >&2
  "$HACK/kube" build >&2
  "$HACK/kube" start --dir "$BENCH_DIR/cluster" --stop-with $$ --apply "$REPO_ROOT/crds/v1.20-1.24" \
    --kcm-args '--kube-api-qps=10000 --kube-api-burst=10000' "$@" >&2
  export KUBECONFIG=$BENCH_DIR/cluster/kubeconfig
  kubectl apply -f "$REPO_ROOT/config/operator/namespace.yaml" >&2
  kubectl apply -k "$REPO_ROOT/config/rbac" >&2
  "$HACK/kube" token-kubeconfig --dir "$BENCH_DIR/cluster" tensorfleet-system/tensorfleet-operator \
    "$BENCH_DIR/operator.kubeconfig" >&2
  # MALLOC_ARENA_MAX: as config/operator/deployment.yaml has it.
  MALLOC_ARENA_MAX=2 "$REPO_ROOT/.build/release/tensorfleet-operator" --kubeconfig "$BENCH_DIR/operator.kubeconfig" \
    --leader-election-namespace tensorfleet-system --port 0 --host 127.0.0.1 "${OPERATOR_ARGS[@]}" \
    2>"$BENCH_DIR/operator.log" &
  OPERATOR_PID=$!
}

# bench_start_runner: the development pod runner, with real workers.
bench_start_runner() {
  "$REPO_ROOT/.build/release/tensorfleet-pod-runner" --kubeconfig "$KUBECONFIG" --log-dir "$BENCH_DIR/workers" \
    --worker "$REPO_ROOT/.build/release/tensorfleet-worker" 2>"$BENCH_DIR/runner.log" &
  RUNNER_PID=$!
}

controller_manager_pid() { sed -n 's/^kube-controller-manager \([0-9]*\) .*/\1/p' "$BENCH_DIR/cluster/pids" | tail -n 1; }
