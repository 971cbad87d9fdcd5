# shellcheck shell=bash
# Shared by the scripts in hack/: log lines, system packages, the cache, the Swift toolchain. Sourced, not run.

REPO_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# Everything that outlives a checkout: built Kubernetes binaries, downloaded packages, control planes.
CACHE_DIR=${TENSORFLEET_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/tensorfleet}

# The oldest toolchain that reads Package.swift (its tools version), and the one the project is built with.
SWIFT_MINIMUM=6.2
SWIFT_TESTED=6.3.1

# Log lines go to stderr, so that a script's stdout holds only its result.
if [[ -t 2 && -z ${NO_COLOR:-} ]]; then
  LOG_MARK=$'\e[36m==>\e[0m' WARN_MARK=$'\e[33mwarning:\e[0m' FAIL_MARK=$'\e[31merror:\e[0m'
else
  LOG_MARK='==>' WARN_MARK='warning:' FAIL_MARK='error:'
fi
log() { printf '%s %s\n' "$LOG_MARK" "$*" >&2; }
warn() { printf '%s %s\n' "$WARN_MARK" "$*" >&2; }
die() {
  printf '%s %s\n' "$FAIL_MARK" "$*" >&2
  exit 1
}
# Wrong arguments: 2, as everywhere.
usage_error() {
  printf '%s %s (see --help)\n' "$FAIL_MARK" "$*" >&2
  exit 2
}

# The comment block at the top of the calling script is its help text.
print_help() { sed -n '2,/^[^#]/{s/^# \{0,1\}//;t print;d;:print;p;}' "$1"; }

have() { command -v "$1" >/dev/null 2>&1; }

# duration SECONDS: 75 -> 1m15s
duration() {
  if (($1 < 60)); then printf '%ds' "$1"; else printf '%dm%02ds' $(($1 / 60)) $(($1 % 60)); fi
}

as_root() {
  if ((EUID == 0)); then "$@"; else sudo -- "$@"; fi
}

# with_progress LABEL LOGFILE COMMAND...: runs the command with its output in LOGFILE and says now and then that it is
# still at work; on failure prints the end of the log.
with_progress() {
  local label=$1 logfile=$2 begin=$SECONDS status=0 command_pid ticker_pid
  shift 2
  log "$label"
  "$@" </dev/null >"$logfile" 2>&1 &
  command_pid=$!
  (
    trap 'exit 0' TERM
    while sleep 30 & wait $!; do
      printf '    … %s: %s\n' "$(duration $((SECONDS - begin)))" "$(tail -n 1 "$logfile" | cut -c1-100)" >&2
    done
  ) &
  ticker_pid=$!
  wait "$command_pid" || status=$?
  kill "$ticker_pid" 2>/dev/null || true
  wait "$ticker_pid" 2>/dev/null || true
  if ((status != 0)); then
    tail -n 30 "$logfile" | sed 's/^/    /' >&2
    printf '%s %s: failed after %s, whole log: %s\n' "$FAIL_MARK" "$label" "$(duration $((SECONDS - begin)))" "$logfile" >&2
  fi
  return "$status"
}

# --- System packages -------------------------------------------------------------------------------------------------

is_debian() { have apt-get && have dpkg-query; }

# missing_packages PACKAGE...: prints those that are not installed, one a line. One dpkg-query for all: about 20 ms.
missing_packages() {
  local installed package
  # It fails when it does not know one of them, having listed the others.
  installed=$(dpkg-query --show --showformat='${db:Status-Status} ${Package}\n' "$@" 2>/dev/null || true)
  for package in "$@"; do
    grep -qxF -- "installed $package" <<<"$installed" || printf '%s\n' "$package"
  done
}

apt_update_once() {
  [[ -z ${APT_UPDATED:-} ]] || return 0
  APT_UPDATED=1
  ((EUID == 0)) || have sudo || return 0
  as_root apt-get -o DPkg::Lock::Timeout=300 -qq update >&2 ||
    warn 'apt-get update had errors; going on with the package lists there are'
}

# need_packages PACKAGE...: installs what is missing; touches neither the network nor apt when nothing is.
need_packages() {
  is_debian || die "this is not a Debian or Ubuntu system; please install what these packages hold: $*"
  local missing
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]})) || return 0
  if ((EUID != 0)) && ! have sudo; then
    die "missing packages, and neither root nor sudo is at hand: apt-get install ${missing[*]}"
  fi
  log "installing ${missing[*]}"
  apt_update_once
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -qq -y --no-install-recommends \
    install "${missing[@]}" >&2 || die "apt-get could not install ${missing[*]}"
}

# --- Swift -----------------------------------------------------------------------------------------------------------

# version_at_least HAVE WANT
version_at_least() { [[ $(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1) == "$2" ]]; }

# Puts a Swift toolchain on PATH: the one that is there, or one from the usual places.
need_swift() {
  local folder version
  if ! have swift; then
    for folder in /opt/swift/usr/bin /usr/share/swift/usr/bin /usr/local/swift/usr/bin \
      "${SWIFTLY_BIN_DIR:-$HOME/.local/share/swiftly/bin}" "$HOME/.swiftly/bin"; do
      [[ -x $folder/swift ]] && PATH=$folder:$PATH && break
    done
  fi
  have swift || die "no Swift toolchain found. Install Swift $SWIFT_TESTED ($SWIFT_MINIMUM or later) from \
https://www.swift.org/install/linux/ and put its usr/bin on PATH."
  version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p')
  version_at_least "${version:-0}" "$SWIFT_MINIMUM" || die "$(command -v swift) is Swift ${version:-of unknown version}; \
this package needs $SWIFT_MINIMUM or later (tested: $SWIFT_TESTED, https://www.swift.org/install/linux/)."
  export PATH
}

# Lets a terminal show SwiftPM's own progress; elsewhere prints every warning and error, and one progress line in ten seconds.
run_swift_build() {
  if [[ -t 1 ]]; then
    swift build "$@"
  else
    swift build "$@" 2>&1 | thin_build_output
  fi
}

thin_build_output() {
  local line next=0
  while IFS= read -r line; do
    if [[ $line =~ ^\[[0-9]+/[0-9]+\]\  ]]; then
      ((SECONDS >= next)) || continue
      next=$((SECONDS + 10))
    fi
    printf '%s\n' "$line"
  done
}
