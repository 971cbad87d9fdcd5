// The message digests of OpenSSL's libcrypto, which libcurl brings into every process anyway.
#include <openssl/evp.h>
