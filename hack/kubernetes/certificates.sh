# shellcheck shell=bash
# Certificates, keys and kubeconfigs of a control plane, by openssl. Sourced by hack/kube; works in $DIR.
# Elliptic-curve keys: a dozen of them take a quarter of a second where RSA would take seconds.

new_key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1" 2>/dev/null; }

# new_authority NAME: a self-signed certificate that may sign others.
new_authority() {
  new_key "$PKI/$1.key"
  openssl req -x509 -new -key "$PKI/$1.key" -subj "/CN=$1" -days 3650 -out "$PKI/$1.crt" 2>/dev/null
}

# new_certificate NAME AUTHORITY SUBJECT USAGE [SUBJECT_ALT_NAME]
new_certificate() {
  local name=$1 authority=$2 subject=$3 usage=$4 names=${5:-}
  new_key "$PKI/$name.key"
  openssl req -new -key "$PKI/$name.key" -subj "$subject" -out "$PKI/$name.csr" 2>/dev/null
  openssl x509 -req -in "$PKI/$name.csr" -CA "$PKI/$authority.crt" -CAkey "$PKI/$authority.key" -days 3650 \
    -set_serial "0x$(openssl rand -hex 8)" -out "$PKI/$name.crt" -extfile <(
      printf 'basicConstraints=CA:FALSE\nkeyUsage=digitalSignature\nextendedKeyUsage=%s\n' "$usage"
      [[ -z $names ]] || printf 'subjectAltName=%s\n' "$names"
    ) 2>/dev/null
  rm "$PKI/$name.csr"
}

# The names and addresses under which clients reach the API server: loopback, the service, this machine's own.
server_names() {
  local names='DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc' address
  names+=',DNS:kubernetes.default.svc.cluster.local,IP:127.0.0.1,IP:10.96.0.1'
  for address in $(hostname -I 2>/dev/null || true); do names+=",IP:$address"; done
  printf '%s' "$names"
}

make_certificates() {
  PKI=$DIR/pki
  [[ ! -f $PKI/complete ]] || return 0
  rm -rf "$PKI"
  mkdir -p "$PKI"
  new_authority ca
  new_authority front-proxy-ca
  new_key "$PKI/service-accounts.key"
  openssl ec -in "$PKI/service-accounts.key" -pubout -out "$PKI/service-accounts.pub" 2>/dev/null
  new_certificate apiserver ca /CN=kube-apiserver serverAuth "$(server_names)"
  new_certificate front-proxy-client front-proxy-ca /CN=front-proxy-client clientAuth
  new_certificate admin ca /O=system:masters/CN=kubernetes-admin clientAuth
  new_certificate controller-manager ca /CN=system:kube-controller-manager clientAuth
  touch "$PKI/complete"
}

inline() { base64 -w 0 <"$1"; }

# write_kubeconfig FILE SERVER USER_YAML: one cluster, one user, one context; everything inline, so the file can be copied.
write_kubeconfig() {
  local file=$1 server=$2 authority=$3 user=$4
  (umask 077 && cat >"$file.new") <<EOF
apiVersion: v1
kind: Config
clusters:
- name: tensorfleet
  cluster: {server: "$server", certificate-authority-data: "$authority"}
users:
- name: user
  user: {$user}
contexts:
- name: tensorfleet
  context: {cluster: tensorfleet, user: user}
current-context: tensorfleet
EOF
  mv -f "$file.new" "$file"
}

# write_certificate_kubeconfig FILE CERTIFICATE_NAME
write_certificate_kubeconfig() {
  write_kubeconfig "$1" "https://127.0.0.1:$APISERVER_PORT" "$(inline "$PKI/ca.crt")" \
    "client-certificate-data: \"$(inline "$PKI/$2.crt")\", client-key-data: \"$(inline "$PKI/$2.key")\""
}

# write_token_kubeconfig NAMESPACE SERVICEACCOUNT FILE: by the TokenRequest API, as a kubelet would get a pod's token.
write_token_kubeconfig() {
  local namespace=$1 account=$2 file=$3 kubectl=(kubectl --kubeconfig "$DIR/kubeconfig") response token server authority
  response=$(printf '{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"expirationSeconds":86400}}' |
    "${kubectl[@]}" create --raw "/api/v1/namespaces/$namespace/serviceaccounts/$account/token" -f -) ||
    die "no token for the service account $namespace/$account"
  token=$(sed -n 's/.*"token":"\([^"]*\)".*/\1/p' <<<"$response")
  [[ -n $token ]] || die "the API server's answer for $namespace/$account holds no token"
  server=$("${kubectl[@]}" config view --raw --minify -o 'jsonpath={.clusters[0].cluster.server}')
  authority=$("${kubectl[@]}" config view --raw --minify --flatten -o 'jsonpath={.clusters[0].cluster.certificate-authority-data}')
  write_kubeconfig "$file" "$server" "$authority" "token: \"$token\""
}
