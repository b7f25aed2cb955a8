// The files of reports inside the program.
#ifndef REPORT_FILES_H
#define REPORT_FILES_H
#include <stddef.h>

struct report_file {
  const unsigned char *bytes;
  size_t length;
};

struct report_file report_style(void);
struct report_file report_script(void);
// Base64 of their SHA-256, for the page's Content-Security-Policy.
struct report_file report_style_hash(void);
struct report_file report_script_hash(void);
#endif
