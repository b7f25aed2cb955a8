// glibc's allocator, which its Swift module leaves out.
#ifndef CMALLOC_SHIM_H
#define CMALLOC_SHIM_H
#include <malloc.h>

// One arena that never shrinks and no mappings of their own: its size is the most that was ever in use.
static inline void cmalloc_one_arena(void) {
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
    mallopt(M_TOP_PAD, 0);
}

static inline size_t cmalloc_arena(void) { return mallinfo2().arena; }
static inline size_t cmalloc_free(void) { return mallinfo2().fordblks; }
#endif
