// Puts the style sheet and its hash into the program. A test compares the hash with the sheet.
#include "ReportFiles.h"

static const unsigned char style[] = {
#embed "style.css"
};
static const unsigned char hash[] = {
#embed "style.css.sha256"
};

const unsigned char *report_style(void) { return style; }
size_t report_style_length(void) { return sizeof style; }
const unsigned char *report_style_hash(void) { return hash; }
size_t report_style_hash_length(void) { return sizeof hash; }
