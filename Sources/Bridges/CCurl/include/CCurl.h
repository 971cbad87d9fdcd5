#pragma once
#include <curl/curl.h>

/* libcurl's setters are variadic, which Swift cannot call: one function a type of argument. */

static inline CURLcode ccurl_set_long(CURL *easy, CURLoption option, long value) {
  return curl_easy_setopt(easy, option, value);
}
static inline CURLcode ccurl_set_string(CURL *easy, CURLoption option, const char *value) {
  return curl_easy_setopt(easy, option, value);
}
static inline CURLcode ccurl_set_pointer(CURL *easy, CURLoption option, void *value) {
  return curl_easy_setopt(easy, option, value);
}
static inline CURLcode ccurl_set_size(CURL *easy, CURLoption option, curl_off_t value) {
  return curl_easy_setopt(easy, option, value);
}
/* The bytes are not copied: they have to outlive the handle's use. */
static inline CURLcode ccurl_set_blob(CURL *easy, CURLoption option, void *bytes, size_t count) {
  struct curl_blob blob = {bytes, count, CURL_BLOB_NOCOPY};
  return curl_easy_setopt(easy, option, &blob);
}
typedef size_t (*ccurl_data_function)(char *bytes, size_t size, size_t count, void *context);
static inline CURLcode ccurl_set_function(CURL *easy, CURLoption option, ccurl_data_function function) {
  return curl_easy_setopt(easy, option, function);
}
static inline CURLcode ccurl_get_long(CURL *easy, CURLINFO info, long *value) {
  return curl_easy_getinfo(easy, info, value);
}
static inline CURLcode ccurl_get_pointer(CURL *easy, void **value) {
  return curl_easy_getinfo(easy, CURLINFO_PRIVATE, value);
}
static inline CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
  return curl_multi_setopt(multi, option, value);
}
/* The result of a finished transfer; `data` is a union, which Swift does not see well. */
static inline CURLcode ccurl_message_result(const CURLMsg *message) { return message->data.result; }

/* Has the kernel give up on a peer that acknowledges nothing for this long: a watch on a dead connection must end. */
void ccurl_limit_silence(CURL *easy, unsigned milliseconds);

/* Called again and again while a transfer runs, at least about once a second; anything but 0 ends it. */
typedef int (*ccurl_progress_function)(void *context, curl_off_t total, curl_off_t now, curl_off_t, curl_off_t);
static inline CURLcode ccurl_set_progress(CURL *easy, ccurl_progress_function function, void *context) {
  curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(easy, CURLOPT_XFERINFODATA, context);
  return curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, function);
}
static inline CURLcode ccurl_get_size(CURL *easy, CURLINFO info, curl_off_t *value) {
  return curl_easy_getinfo(easy, info, value);
}
