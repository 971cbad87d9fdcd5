# shellcheck shell=bash
# Certificates for the MongoDB server of the tests, by openssl. Sourced by hack/mongo.

# make_certificates FOLDER: ca.pem; for servers (.pem certificate, .key key) server, expired and other-host; for clients
# (one .pem with both, as drivers want it) client, and stranger, which another CA has signed: other-ca.pem.
make_certificates() {
  local folder=$1
  mkdir -p "$folder"
  (
    cd "$folder"
    umask 077
    make_authority ca
    make_authority other-ca
    make_certificate server ca 30 '/O=fleet.test/CN=db1.fleet.test' \
      'subjectAltName=DNS:db1.fleet.test,DNS:localhost,IP:127.0.0.1'
    make_certificate expired ca -1 '/O=fleet.test/CN=localhost' 'subjectAltName=DNS:localhost,IP:127.0.0.1'
    make_certificate other-host ca 30 '/O=fleet.test/CN=elsewhere.test' 'subjectAltName=DNS:elsewhere.test'
    make_certificate client ca 30 '/O=fleet.test/OU=training/CN=worker' 'extendedKeyUsage=clientAuth'
    make_certificate stranger other-ca 30 '/O=fleet.test/OU=training/CN=worker' 'extendedKeyUsage=clientAuth'
    cat client.key >>client.pem
    cat stranger.key >>stranger.pem
    rm -f -- *.csr *.srl
  ) || die "openssl makes no certificates; its output is in $folder/openssl.log"
}

# The subject of client.pem as the name of a user of MONGODB-X509.
CLIENT_SUBJECT='CN=worker,OU=training,O=fleet.test'

make_authority() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj "/CN=$1 of the tests" \
    -keyout "$1.key" -out "$1.pem" 2>>openssl.log
}

# make_certificate NAME CA DAYS SUBJECT EXTENSION
make_certificate() {
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "$4" -keyout "$1.key" -out "$1.csr" 2>>openssl.log
  openssl x509 -req -in "$1.csr" -CA "$2.pem" -CAkey "$2.key" -CAcreateserial -days "$3" -out "$1.pem" \
    -extfile <(printf '%s\n' "$5") 2>>openssl.log
}
