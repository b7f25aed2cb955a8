// libpsl: the public suffix list, for registrable domains. Imported by AssayDNS alone.
#ifndef CPSL_SHIM_H
#define CPSL_SHIM_H
#include <libpsl.h>
#endif
