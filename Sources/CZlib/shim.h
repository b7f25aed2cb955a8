// zlib: deflate and inflate. Imported by AssayGzip alone.
#ifndef CZLIB_SHIM_H
#define CZLIB_SHIM_H
#include <zlib.h>

// Macros that know the size of the structure; 16 asks for a gzip header (zlib.h, inflateInit2 and deflateInit2).
static inline int czlib_inflate_gzip(z_stream *stream) { return inflateInit2(stream, 16 + MAX_WBITS); }
// Negative: no header at all.
static inline int czlib_inflate_raw(z_stream *stream) { return inflateInit2(stream, -MAX_WBITS); }
static inline int czlib_deflate_gzip(z_stream *stream, int level) {
  return deflateInit2(stream, level, Z_DEFLATED, 16 + MAX_WBITS, 9, Z_DEFAULT_STRATEGY);
}
#endif
