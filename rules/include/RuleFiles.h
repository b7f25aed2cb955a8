// The rule files inside the program, in order of their names.
#ifndef RULE_FILES_H
#define RULE_FILES_H
#include <stddef.h>

struct rule_file {
    const char *name;
    const unsigned char *bytes;
    size_t length;
};

int rule_file_count(void);
struct rule_file rule_file(int index);
#endif
