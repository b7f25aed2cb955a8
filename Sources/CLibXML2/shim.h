// libxml2: the SAX2 push parser. Imported by AssaySVG alone, and run in a child process alone.
#ifndef CLIBXML2_SHIM_H
#define CLIBXML2_SHIM_H
#include <libxml/xmlversion.h>
// Else libxml2 includes ICU's headers, which clash with those inside Foundation.
#undef LIBXML_ICU_ENABLED
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>
#include <string.h>

// The initialiser of a structure of function pointers with a magic number.
static inline xmlSAXHandler clibxml2_empty_handler(void) {
    xmlSAXHandler handler;
    memset(&handler, 0, sizeof handler);
    handler.initialized = XML_SAX2_MAGIC;
    return handler;
}
static inline int clibxml2_line(xmlParserCtxtPtr parser) { return parser->input ? parser->input->line : 0; }
static inline int clibxml2_column(xmlParserCtxtPtr parser) { return parser->input ? parser->input->col : 0; }
// The loader is asked for a document type and for entities; it gives none.
static inline xmlParserInputPtr clibxml2_nothing(const char *url, const char *id, xmlParserCtxtPtr parser) {
    (void)url, (void)id, (void)parser;
    return NULL;
}
static inline void clibxml2_load_nothing(void) { xmlSetExternalEntityLoader(clibxml2_nothing); }
#endif
