#ifndef CZLIB_H
#define CZLIB_H

#include <zlib.h>

/// `inflateInit2` is a macro, which Swift does not see. Prepares `stream` to read gzip (RFC 1952) members.
int czlib_inflate_init_gzip(z_stream *stream);

/// Prepares `stream` to write one gzip member at zlib's default level.
int czlib_deflate_init_gzip(z_stream *stream);

#endif
