// Puts the style sheet and the script, each with its hash, into the program. A test compares hashes and files.
#include "ReportFiles.h"

static const unsigned char style[] = {
#embed "style.css"
};
static const unsigned char style_hash[] = {
#embed "style.css.sha256"
};
static const unsigned char script[] = {
#embed "report.js"
};
static const unsigned char script_hash[] = {
#embed "report.js.sha256"
};

// A hash stands on a line of its own.
#define FILE_OF(name) ((struct report_file){name, sizeof name})
#define HASH_OF(name) ((struct report_file){name, sizeof name - 1})

struct report_file report_style(void) { return FILE_OF(style); }
struct report_file report_style_hash(void) { return HASH_OF(style_hash); }
struct report_file report_script(void) { return FILE_OF(script); }
struct report_file report_script_hash(void) { return HASH_OF(script_hash); }
