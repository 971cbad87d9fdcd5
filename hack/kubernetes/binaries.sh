# shellcheck shell=bash
# Where the Kubernetes binaries come from: KUBEBUILDER_ASSETS, the cache, or a build of Debian's source package. Sourced by hack/kube.

# Debian 12 carries this release in full, vendored modules included: no registry and no prebuilt download is needed.
KUBERNETES_VERSION=v1.20.2
KUBERNETES_CACHE=$CACHE_DIR/kubernetes-$KUBERNETES_VERSION
KUBERNETES_BIN=$KUBERNETES_CACHE/bin
# 1.20 does not build with a newer Go than this.
GO_PACKAGE=golang-1.19-go
GO_BIN=/usr/lib/go-1.19/bin
BUILD_PACKAGES=("$GO_PACKAGE" dpkg-dev jq rsync make gcc libc6-dev)

# binary NAME: prints the path of a component, or fails.
binary() {
  local candidate
  if [[ -n ${KUBEBUILDER_ASSETS:-} ]]; then
    candidate=$KUBEBUILDER_ASSETS/$1
  else
    candidate=$KUBERNETES_BIN/$1
    [[ -x $candidate || $1 != etcd ]] || candidate=$(command -v etcd || true)
  fi
  [[ -n $candidate && -x $candidate ]] && printf '%s\n' "$candidate"
}

# missing_binaries NAME...: prints those that neither the assets, the cache nor (etcd) the PATH hold.
missing_binaries() {
  local name
  for name in "$@"; do binary "$name" >/dev/null || printf '%s\n' "$name"; done
}

# packaged PACKAGE: do this machine's package sources hold it? Asks again with fresh lists before it says no.
packaged() {
  is_debian || return 1
  [[ -z $(apt-cache show "$1" 2>/dev/null) ]] || return 0
  apt_update_once 2>/dev/null
  [[ -n $(apt-cache show "$1" 2>/dev/null) ]]
}

# check_binaries: succeeds where a control plane can be had; otherwise says why not.
check_binaries() {
  local reason='' missing
  if [[ -n ${TENSORFLEET_KUBECONFIG:-} ]]; then
    [[ -r $TENSORFLEET_KUBECONFIG ]] || reason="TENSORFLEET_KUBECONFIG=$TENSORFLEET_KUBECONFIG is not a readable file"
  elif [[ -n ${KUBEBUILDER_ASSETS:-} ]]; then
    missing=$(missing_binaries etcd kube-apiserver)
    [[ -z $missing ]] || reason="KUBEBUILDER_ASSETS=$KUBEBUILDER_ASSETS lacks ${missing//$'\n'/ and }"
  elif [[ -n $(missing_binaries etcd kube-apiserver kube-controller-manager) ]]; then
    if ! packaged "$GO_PACKAGE"; then
      reason="Kubernetes $KUBERNETES_VERSION is built from Debian 12's packages, which this machine does not have; \
set KUBEBUILDER_ASSETS or TENSORFLEET_KUBECONFIG"
    elif ((EUID != 0)) && ! have sudo && [[ -n $(missing_packages "${BUILD_PACKAGES[@]}") ]]; then
      reason='building Kubernetes needs packages, and neither root nor sudo is at hand to install them'
    fi
  fi
  [[ -z $reason ]] || die "no Kubernetes control plane on this machine: $reason"
}

# ensure_binaries WITH_NODE(true|false): afterwards `binary` finds them all.
ensure_binaries() {
  local wanted=(etcd kube-apiserver kube-controller-manager) missing
  ! $1 || wanted+=(kube-scheduler kubelet)
  if [[ -n ${TENSORFLEET_KUBECONFIG:-} ]]; then
    log "using the cluster of TENSORFLEET_KUBECONFIG; nothing to build"
    return
  fi
  if [[ -n ${KUBEBUILDER_ASSETS:-} ]]; then
    check_binaries
    return
  fi
  missing=$(missing_binaries "${wanted[@]}")
  [[ -n $missing ]] || return 0
  mkdir -p "$KUBERNETES_BIN"
  # One build at a time on this cache; whoever waited finds the work done.
  local lock
  exec {lock}>"$KUBERNETES_CACHE/.lock"
  if ! flock --nonblock "$lock"; then
    log 'another process builds Kubernetes; waiting for it'
    flock "$lock"
  fi
  mapfile -t missing < <(missing_binaries "${wanted[@]}")
  # A subshell, so that its clean-up runs when the build ends and not when the script does.
  ((${#missing[@]} == 0)) || (build_missing "${missing[@]}")
  exec {lock}>&-
}

# build_missing NAME...: builds in a folder beside the cache and moves each finished binary in by one rename.
build_missing() {
  local begin=$SECONDS components=() name
  check_binaries
  rm -rf "$KUBERNETES_CACHE"/.build.* # what a killed build left; nobody else builds: we hold the lock
  WORK=$(mktemp -d "$KUBERNETES_CACHE/.build.XXXXXX")
  trap 'rm -rf "$WORK"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  mkdir "$WORK/bin"
  for name in "$@"; do
    if [[ $name == etcd ]]; then unpack_etcd; else components+=("$name"); fi
  done
  if ((${#components[@]})); then
    need_packages "${BUILD_PACKAGES[@]}"
    unpack_source
    repair_reflection
    with_progress "building Kubernetes $KUBERNETES_VERSION: ${components[*]} (about six minutes on two cores, once)" \
      "$KUBERNETES_CACHE/build.log" compile "${components[@]}"
  fi
  for name in "$@"; do mv -f "$WORK/bin/$name" "$KUBERNETES_BIN/$name"; done
  log "$* in $KUBERNETES_BIN after $(duration $((SECONDS - begin)))"
}

# apt-get with the machine's own sources as deb-src lines, and state of its own: needs no root and changes no system file.
source_apt() {
  local tool=$1
  shift
  "$tool" -qq -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$WORK/sources" -o Dir::State::lists="$WORK/lists" \
    -o Dir::Cache="$WORK/cache" -o APT::Sandbox::User="$(id -un)" "$@"
}

derive_source_lists() {
  local file
  mkdir -p "$WORK/sources" "$WORK/lists/partial" "$WORK/cache/archives/partial"
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [[ ! -r $file ]] || sed -n -E 's/^[[:space:]]*deb([[:space:]])/deb-src\1/p' "$file" >"$WORK/sources/$(basename "$file" .list).list"
  done
  for file in /etc/apt/sources.list.d/*.sources; do
    [[ ! -r $file ]] || sed -E 's/^Types:.*/Types: deb-src/' "$file" >"$WORK/sources/$(basename "$file")"
  done
}

unpack_source() {
  local version
  derive_source_lists
  log "downloading the source of Kubernetes $KUBERNETES_VERSION from Debian (35 MB)"
  source_apt apt-get update >&2 || warn 'some package sources could not be read'
  version=$(source_apt apt-cache showsrc kubernetes | sed -n 's/^Version: //p' | grep -F "${KUBERNETES_VERSION#v}" | sort -V | tail -n 1 || true)
  [[ -n $version ]] || die "this machine's package sources hold no source of Kubernetes ${KUBERNETES_VERSION#v} (Debian 12's do); \
set KUBEBUILDER_ASSETS or TENSORFLEET_KUBECONFIG"
  (cd "$WORK" && source_apt apt-get source --download-only "kubernetes=$version" >&2)
  dpkg-source --no-check -x "$WORK"/kubernetes_*.dsc "$WORK/tree" >"$KUBERNETES_CACHE/unpack.log" 2>&1 ||
    die "could not unpack the source package, see $KUBERNETES_CACHE/unpack.log"
}

# Runs upstream's own makefile, which generates code (OpenAPI) that a plain `go build` would miss. It wants to lie in a GOPATH.
compile() {
  local gopath=$WORK/gopath
  mkdir -p "$gopath/src/k8s.io"
  ln -s "$WORK/tree" "$gopath/src/k8s.io/kubernetes"
  cd "$gopath/src/k8s.io/kubernetes" || return
  unset GOFLAGS GO111MODULE GOROOT GOTOOLCHAIN
  export GOPATH=$gopath GOCACHE=$WORK/gocache CGO_ENABLED=0 PATH=$GO_BIN:$PATH
  make WHAT="${*/#/cmd/}" KUBE_GIT_VERSION="$KUBERNETES_VERSION"
  local name
  for name in "$@"; do mv "_output/bin/$name" "$WORK/bin/$name"; done
}

# The vendored reflect2 1.0.1 reads Go's map iterators as they were before Go 1.18, and the API server then dies of a
# memory fault while it decodes a custom resource's annotations. Debian packages 1.0.2, which is right for both.
repair_reflection() {
  unpack_package golang-github-modern-go-reflect2-dev "$WORK/reflect2"
  rm "$WORK"/tree/vendor/github.com/modern-go/reflect2/*.{go,s}
  cp "$WORK"/reflect2/usr/share/gocode/src/github.com/modern-go/reflect2/*.{go,s} "$WORK/tree/vendor/github.com/modern-go/reflect2/"
}

# Debian's etcd, unpacked and not installed: installing it would start a service.
unpack_etcd() {
  unpack_package etcd-server "$WORK/etcd"
  mv "$WORK/etcd/usr/bin/etcd" "$WORK/bin/etcd"
}

# unpack_package PACKAGE FOLDER: downloads a package and unpacks it, without installing it.
unpack_package() {
  local download=(apt-get -qq -o APT::Sandbox::User="$(id -un)" download "$1")
  mkdir -p "$WORK/packages"
  if ! (cd "$WORK/packages" && "${download[@]}" >/dev/null 2>&1); then
    apt_update_once
    (cd "$WORK/packages" && "${download[@]}" >&2) || die "could not download Debian's package $1"
  fi
  dpkg-deb --extract "$WORK/packages/$1"_*.deb "$2"
}
