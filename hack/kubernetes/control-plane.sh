# shellcheck shell=bash
# Starts and stops the processes of one control plane. Sourced by hack/kube; works in $DIR:
#   kubeconfig  cluster administrator        pki/   certificates and keys     etcd/  the data
#   ports       what they listen on          pids   "NAME PID START" a line   *.log  what they say

# The controllers that mean something without nodes. Left out on purpose: those that act on nodes, volumes and cloud
# providers, and podgc, which would delete pods that a test bound to a node that does not exist.
CONTROLLERS=namespace,serviceaccount,serviceaccount-token,root-ca-cert-publisher,garbagecollector,resourcequota
CONTROLLERS+=,job,cronjob,replicaset,deployment,statefulset,disruption,horizontalpodautoscaling
CONTROLLERS+=,endpoint,endpointslice,clusterrole-aggregation,csrsigning,csrapproving,csrcleaner

START_TIMEOUT=60

# --- Processes -------------------------------------------------------------------------------------------------------

# spawn NAME COMMAND...: in a session of its own, so that neither Ctrl-C nor the end of this script reaches it.
spawn() {
  local name=$1
  shift
  setsid "$@" </dev/null >>"$DIR/$name.log" 2>&1 &
  printf '%s %d %s\n' "$name" $! "$(started_at $!)" >>"$DIR/pids"
}

# started_at PID: when it was forked, in ticks since the boot; nothing for one that ended. With the process id it names
# a process for good: ids get reused, and the command line is empty for an instant while a process calls exec.
started_at() {
  local stat fields
  read -r stat 2>/dev/null <"/proc/$1/stat" || return 0
  read -ra fields <<<"${stat##*) }" # what follows the name, which may hold spaces
  [[ ${fields[0]} == [ZX] ]] || printf '%s' "${fields[19]}"
}

# alive PID START: does the process we started still run?
alive() { [[ -n $2 && $(started_at "$1") == "$2" ]]; }

running() {
  local name pid start found=1
  [[ -f $DIR/pids ]] || return 1
  while read -r name pid start; do
    [[ $name != "$1" ]] || { alive "$pid" "$start" && found=0 || found=1; }
  done <"$DIR/pids"
  return "$found"
}

port_in_use() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# A port below the range the kernel takes for outgoing connections. Another process may still win the race for it:
# whoever then fails to listen is started again on other ports.
random_port() {
  local port
  while :; do
    port=$((16000 + RANDOM % 16000))
    port_in_use "$port" || break
  done
  printf '%d\n' "$port"
}

choose_ports() {
  if [[ ! -f $DIR/ports ]]; then
    printf 'ETCD_PORT=%d\nETCD_PEER_PORT=%d\nAPISERVER_PORT=%d\nCONTROLLER_MANAGER_PORT=%d\n' \
      "$(random_port)" "$(random_port)" "$(random_port)" "$(random_port)" >"$DIR/ports"
  fi
  # shellcheck source=/dev/null
  source "$DIR/ports"
}

spawn_etcd() {
  local peer=http://127.0.0.1:$ETCD_PEER_PORT
  # No fsync: the data need not survive a crash of the machine, and the tests' writes get several times faster.
  spawn etcd "$(binary etcd)" --name default --data-dir "$DIR/etcd" --unsafe-no-fsync \
    --listen-client-urls "http://127.0.0.1:$ETCD_PORT" --advertise-client-urls "http://127.0.0.1:$ETCD_PORT" \
    --listen-peer-urls "$peer" --initial-advertise-peer-urls "$peer" --initial-cluster "default=$peer"
}

# minor_version BINARY: 20 for 1.20.2
minor_version() { "$1" --version | sed -n 's/.*v1\.\([0-9]*\)\..*/\1/p'; }

# The API server publishes this address in the `kubernetes` endpoints and refuses a loopback one. A machine without a
# network gets an address of the documentation range: nothing needs to reach it.
advertise_address() {
  local address
  address=$(hostname -I 2>/dev/null | tr ' ' '\n' | grep -m 1 -E '^[0-9]+\.' || true)
  printf '%s\n' "${address:-192.0.2.1}"
}

spawn_apiserver() {
  local apiserver issuer=https://kubernetes.default.svc.cluster.local gates=()
  apiserver=$(binary kube-apiserver)
  # Since 1.22 always on. Without it a pod of a service account that was made a moment ago is refused until the
  # controller has made that account's token secret.
  (($(minor_version "$apiserver") >= 22)) || gates=(--feature-gates=BoundServiceAccountTokenVolume=true)
  spawn kube-apiserver "$apiserver" \
    --etcd-servers="http://127.0.0.1:$ETCD_PORT" \
    --bind-address=127.0.0.1 --secure-port="$APISERVER_PORT" --advertise-address="$(advertise_address)" \
    --cert-dir="$DIR/pki" --tls-cert-file="$PKI/apiserver.crt" --tls-private-key-file="$PKI/apiserver.key" \
    --client-ca-file="$PKI/ca.crt" --authorization-mode=Node,RBAC \
    --service-account-issuer="$issuer" --api-audiences="$issuer" \
    --service-account-key-file="$PKI/service-accounts.pub" --service-account-signing-key-file="$PKI/service-accounts.key" \
    --service-cluster-ip-range=10.96.0.0/16 \
    --requestheader-client-ca-file="$PKI/front-proxy-ca.crt" --requestheader-allowed-names=front-proxy-client \
    --requestheader-username-headers=X-Remote-User --requestheader-group-headers=X-Remote-Group \
    --requestheader-extra-headers-prefix=X-Remote-Extra- \
    --proxy-client-cert-file="$PKI/front-proxy-client.crt" --proxy-client-key-file="$PKI/front-proxy-client.key" \
    --enable-aggregator-routing=true \
    --max-requests-inflight=3000 --max-mutating-requests-inflight=1000 \
    "${gates[@]}" "${APISERVER_ARGS[@]}"
}

spawn_controller_manager() {
  local manager ports=()
  manager=$(binary kube-controller-manager)
  (($(minor_version "$manager") >= 24)) || ports=(--port=0) # the plain-text port, gone since 1.24
  spawn kube-controller-manager "$manager" \
    --kubeconfig="$DIR/controller-manager.kubeconfig" --authentication-kubeconfig="$DIR/controller-manager.kubeconfig" \
    --authorization-kubeconfig="$DIR/controller-manager.kubeconfig" --use-service-account-credentials \
    --bind-address=127.0.0.1 --secure-port="$CONTROLLER_MANAGER_PORT" --cert-dir="$DIR/pki/controller-manager" "${ports[@]}" \
    --controllers="$CONTROLLERS" --leader-elect=false --cluster-name=tensorfleet \
    --root-ca-file="$PKI/ca.crt" --service-account-private-key-file="$PKI/service-accounts.key" \
    --cluster-signing-cert-file="$PKI/ca.crt" --cluster-signing-key-file="$PKI/ca.key" \
    "${CONTROLLER_MANAGER_ARGS[@]}"
}

# --- Start -----------------------------------------------------------------------------------------------------------

admin() { kubectl --kubeconfig "$DIR/kubeconfig" "$@"; }

# wait_until WHAT COMMAND...: polls ten times a second. 2 when one of our processes ended, which no waiting heals.
wait_until() {
  local what=$1 deadline=$((SECONDS + START_TIMEOUT)) name
  shift
  until "$@" >/dev/null 2>&1; do
    while read -r name _; do
      running "$name" || return 2
    done <"$DIR/pids"
    if ((SECONDS >= deadline)); then
      warn "$what: not there after $START_TIMEOUT s"
      return 1
    fi
    sleep 0.1
  done
}

apiserver_ready() { port_in_use "$APISERVER_PORT" && [[ $(admin get --raw /readyz --request-timeout=5s) == ok ]]; }

default_account_ready() { [[ -n $(admin get serviceaccount default --namespace default --ignore-not-found -o name) ]]; }

# One attempt, in a clean list of processes.
try_start() {
  : >"$DIR/pids"
  choose_ports
  write_certificate_kubeconfig "$DIR/kubeconfig" admin
  write_certificate_kubeconfig "$DIR/controller-manager.kubeconfig" controller-manager
  spawn_etcd
  wait_until etcd port_in_use "$ETCD_PORT" || return
  spawn_apiserver
  wait_until kube-apiserver apiserver_ready || return
  local path
  for path in "${APPLY[@]}"; do
    admin apply -f "$path" >&2 || die "could not apply $path"
  done
  if $CONTROLLER_MANAGER; then
    spawn_controller_manager
    wait_until 'the default service account' default_account_ready || return
  fi
}

start_control_plane() {
  local begin=$SECONDS attempt
  have kubectl || die 'kubectl is missing (hack/setup --kube installs it)'
  mkdir -p "$DIR"
  chmod 0700 "$DIR"
  if [[ -n ${TENSORFLEET_KUBECONFIG:-} ]]; then
    borrow_cluster
    return
  fi
  if running kube-apiserver; then
    log "already running in $DIR"
    return
  fi
  ensure_binaries false
  if $CONTROLLER_MANAGER && ! binary kube-controller-manager >/dev/null; then
    warn "KUBEBUILDER_ASSETS holds no kube-controller-manager: no garbage collection, Jobs, HPA or service account defaults"
    CONTROLLER_MANAGER=false
  fi
  make_certificates
  for attempt in 1 2 3; do
    if try_start; then
      [[ -z $STOP_WITH ]] || spawn_watchdog
      log "control plane up after $(duration $((SECONDS - begin))) in $DIR"
      return
    fi
    end_processes KILL
    if ! grep -qs 'address already in use' "$DIR"/*.log; then break; fi
    log "a port was taken by another process (attempt $attempt); trying others"
    rm -f "$DIR/ports" "$DIR"/*.log
  done
  tail -n 15 "$DIR"/etcd.log "$DIR"/kube-*.log 2>/dev/null | cut -c1-300 >&2
  die "the control plane did not start; its logs are in $DIR"
}

# An existing cluster: its kubeconfig, made independent of other files, takes the place of ours.
borrow_cluster() {
  local path
  kubectl --kubeconfig "$TENSORFLEET_KUBECONFIG" config view --raw --flatten >"$DIR/kubeconfig.new"
  chmod 0600 "$DIR/kubeconfig.new"
  mv -f "$DIR/kubeconfig.new" "$DIR/kubeconfig"
  [[ $(admin get --raw /readyz --request-timeout=10s) == ok ]] || die "the cluster of TENSORFLEET_KUBECONFIG does not answer"
  for path in "${APPLY[@]}"; do admin apply -f "$path" >&2; done
  log "using the cluster of TENSORFLEET_KUBECONFIG=$TENSORFLEET_KUBECONFIG; nothing started"
}

# Stops the control plane when process $STOP_WITH ends, even by SIGKILL.
spawn_watchdog() {
  # shellcheck disable=SC2016 # the inner shell expands them
  spawn watchdog bash -c 'tail --pid="$1" -f /dev/null; exec "$2" stop --dir "$3"' watchdog "$STOP_WITH" "$HACK/kube" "$DIR"
}

# --- Stop and status -------------------------------------------------------------------------------------------------

# end_processes SIGNAL: sends it to every process group of ours (but not to the watchdog we may be) and waits for their end.
end_processes() {
  local signal=$1 name pid start tries left
  [[ -f $DIR/pids ]] || return 0
  for ((tries = 0; tries < 100; tries++)); do
    left=false
    while read -r name pid start; do
      if [[ $pid == "$$" ]] || ! alive "$pid" "$start"; then continue; fi
      left=true
      if ((tries == 0)); then kill -s "$signal" -- "-$pid" 2>/dev/null || true; fi
    done < <(tac "$DIR/pids")
    $left || return 0
    sleep 0.1
  done
  [[ $signal == KILL ]] || end_processes KILL
}

# stop_control_plane KEEP: without --keep nothing is worth a graceful end.
stop_control_plane() {
  if [[ ! -d $DIR ]]; then
    log "nothing in $DIR"
    return
  fi
  [[ -f $DIR/pids || -f $DIR/kubeconfig || -f $DIR/ports ]] || die "$DIR is not a control plane's folder"
  if $1; then end_processes TERM; else end_processes KILL; fi
  rm -f "$DIR/pids"
  $1 || rm -rf "$DIR"
}

need_kubeconfig() { [[ -f $DIR/kubeconfig ]] || die "no control plane in $DIR (hack/kube start)"; }

print_env() { printf 'export KUBECONFIG=%q\n' "$DIR/kubeconfig"; }

print_status() {
  local name pid start state failed=0
  if [[ -f $DIR/kubeconfig && ! -f $DIR/ports ]]; then
    printf '%s: the cluster of TENSORFLEET_KUBECONFIG\n' "$DIR"
    return
  fi
  if [[ ! -f $DIR/pids ]]; then
    printf '%s: stopped\n' "$DIR"
    return 3
  fi
  printf '%s:\n' "$DIR"
  while read -r name pid start; do
    state="running, pid $pid"
    alive "$pid" "$start" || { state="not running" && failed=3; }
    printf '  %-24s %s\n' "$name" "$state"
  done <"$DIR/pids"
  return "$failed"
}
