// zlib: inflate. Imported by AssaySVG alone.
#ifndef CZLIB_SHIM_H
#define CZLIB_SHIM_H
#include <zlib.h>

// A macro that knows the size of the structure; 16 asks for a gzip header (zlib.h, inflateInit2).
static inline int czlib_inflate_gzip(z_stream *stream) { return inflateInit2(stream, 16 + MAX_WBITS); }
#endif
