// The files of reports inside the program.
#ifndef REPORT_FILES_H
#define REPORT_FILES_H
#include <stddef.h>

const unsigned char *report_style(void);
size_t report_style_length(void);
// Base64 of the style sheet's SHA-256, for the page's Content-Security-Policy.
const unsigned char *report_style_hash(void);
size_t report_style_hash_length(void);
#endif
