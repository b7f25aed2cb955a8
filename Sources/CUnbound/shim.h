// libunbound's event API with the libevent loop it runs on. Imported by AssayDNS alone.
//
// The few libevent functions used are declared here: <event2/event.h> brings <sys/select.h>, whose types then clash with
// those of the C modules of swift-nio.
#ifndef CUNBOUND_SHIM_H
#define CUNBOUND_SHIM_H
#include <unbound.h>
#include <unbound-event.h>

struct event;
struct event_base;
struct event_base *event_base_new(void);
void event_base_free(struct event_base *);
int event_base_loop(struct event_base *, int flags);
struct event *event_new(struct event_base *, int descriptor, short events, void (*callback)(int, short, void *), void *);
int event_add(struct event *, const void *timeout);
void event_free(struct event *);

// event2/event.h: EVLOOP_ONCE, EV_READ, EV_PERSIST.
enum { CUNBOUND_LOOP_ONCE = 0x01 };
enum { CUNBOUND_READ_PERSIST = 0x02 | 0x10 };
#endif
