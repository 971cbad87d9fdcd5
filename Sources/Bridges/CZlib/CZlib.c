#include "CZlib.h"

enum { GZIP_WINDOW = 15 + 16 };

int czlib_inflate_init_gzip(z_stream *stream) { return inflateInit2(stream, GZIP_WINDOW); }

int czlib_deflate_init_gzip(z_stream *stream) {
  return deflateInit2(stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY);
}
