// How often this program asked the system to write a file to its disk.
#ifndef CSYNCS_H
#define CSYNCS_H
long bench_syncs(void);
#endif
