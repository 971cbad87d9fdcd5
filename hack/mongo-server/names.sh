# shellcheck shell=bash
# Names for the MongoDB server of the tests: a DNS server of its own, seen only by the command that runs in its mount
# namespace. Sourced by hack/mongo.

# names_unavailable: why it cannot be done here; fails where it can.
names_unavailable() {
  if ((EUID != 0)); then
    printf 'SRV records need a mount namespace and port 53, so root\n'
  elif ! unshare --mount true 2>/dev/null; then
    printf 'this machine allows no mount namespaces\n'
  else
    return 1
  fi
}

# start_names FOLDER PORT: records under fleet.test for the server at that port, on a loopback address of its own.
#   cluster        SRV and TXT, as Atlas has them        plain       SRV without TXT
#   outside        SRV to a host of another domain       greedy      TXT with an option that TXT must not set
start_names() {
  local folder=$1 port=$2 try
  for try in 1 2 3 4 5; do
    NAMES_ADDRESS=127.$((RANDOM % 200 + 20)).$((RANDOM % 256)).$((RANDOM % 254 + 1))
    dnsmasq --keep-in-foreground --conf-file=/dev/null --no-resolv --no-hosts --user=root --pid-file --log-facility=- \
      --port=53 --listen-address="$NAMES_ADDRESS" --bind-interfaces --local=/test/ \
      --host-record=db1.fleet.test,127.0.0.1 \
      --srv-host=_mongodb._tcp.cluster.fleet.test,db1.fleet.test,"$port" \
      --txt-record=cluster.fleet.test,'authSource=admin&replicaSet=rs0' \
      --srv-host=_mongodb._tcp.plain.fleet.test,db1.fleet.test,"$port" \
      --srv-host=_mongodb._tcp.outside.fleet.test,db1.elsewhere.test,"$port" \
      --srv-host=_mongodb._tcp.greedy.fleet.test,db1.fleet.test,"$port" \
      --txt-record=greedy.fleet.test,'tls=false' >"$folder/dnsmasq.log" 2>&1 &
    NAMES=$!
    sleep 0.2
    if kill -0 "$NAMES" 2>/dev/null; then
      printf 'nameserver %s\noptions timeout:2 attempts:1\n' "$NAMES_ADDRESS" >"$folder/resolv.conf"
      printf '127.0.0.1 localhost db1.fleet.test elsewhere.test %s\n' "$(hostname)" >"$folder/hosts"
      return
    fi
    ((try < 5)) || die "dnsmasq does not start: $(tail -n 3 "$folder/dnsmasq.log")"
  done
}

# among_names FOLDER COMMAND...
among_names() {
  # shellcheck disable=SC2016
  unshare --mount --propagation private bash -c \
    'mount --bind "$0/resolv.conf" /etc/resolv.conf && mount --bind "$0/hosts" /etc/hosts && exec "$@"' "$@"
}
