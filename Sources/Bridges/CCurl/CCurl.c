#include "CCurl.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <sys/socket.h>

static int limit_silence(void *context, curl_socket_t socket, curlsocktype purpose) {
  if (purpose == CURLSOCKTYPE_IPCXN) {
    unsigned milliseconds = (unsigned)(uintptr_t)context;
    /* A refusal leaves the kernel's default, minutes instead of seconds: no reason to fail. */
    (void)setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &milliseconds, sizeof milliseconds);
  }
  return CURL_SOCKOPT_OK;
}

void ccurl_limit_silence(CURL *easy, unsigned milliseconds) {
  curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, limit_silence);
  curl_easy_setopt(easy, CURLOPT_SOCKOPTDATA, (void *)(uintptr_t)milliseconds);
}
