// libunbound's event API with the libevent loop it runs on. Imported by AssayDNS alone.
#ifndef CUNBOUND_SHIM_H
#define CUNBOUND_SHIM_H
#include <event2/event.h>
#include <sys/eventfd.h>
#include <unbound.h>
#include <unbound-event.h>

// eventfd(2) is not in the module Glibc; the flags are enumerators that do not import.
static inline int cunbound_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }
#endif
