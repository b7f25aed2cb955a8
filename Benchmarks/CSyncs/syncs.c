// Stands in front of the C library's calls, so that a program can count its own.
#define _GNU_SOURCE
#include "CSyncs.h"

#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_long count;

int fsync(int descriptor) {
  atomic_fetch_add(&count, 1);
  return (int)syscall(SYS_fsync, descriptor);
}

int fdatasync(int descriptor) {
  atomic_fetch_add(&count, 1);
  return (int)syscall(SYS_fdatasync, descriptor);
}

long bench_syncs(void) { return atomic_load(&count); }
