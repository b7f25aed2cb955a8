// Puts the rule files into the program. A new file needs its two lines here; a test compares this list with the folder.
#include "RuleFiles.h"

static const unsigned char mx[] = {
#embed "mx.yaml"
};
static const unsigned char mta_sts[] = {
#embed "mta_sts.yaml"
};
static const unsigned char starttls[] = {
#embed "starttls.yaml"
};
static const unsigned char tlsrpt[] = {
#embed "tlsrpt.yaml"
};
static const unsigned char tls[] = {
#embed "tls.yaml"
};
static const unsigned char cert[] = {
#embed "cert.yaml"
};
static const unsigned char dane[] = {
#embed "dane.yaml"
};
static const unsigned char dmarc[] = {
#embed "dmarc.yaml"
};
static const unsigned char dnssec[] = {
#embed "dnssec.yaml"
};
static const unsigned char score[] = {
#embed "score.yaml"
};
static const unsigned char dkim[] = {
#embed "dkim.yaml"
};
static const unsigned char selectors[] = {
#embed "selectors.yaml"
};
static const unsigned char spf[] = {
#embed "spf.yaml"
};
static const unsigned char bimi[] = {
#embed "bimi.yaml"
};
static const unsigned char mark_roots[] = {
#embed "mark-roots.txt"
};
static const unsigned char senders[] = {
#embed "senders.yaml"
};
static const unsigned char caa[] = {
#embed "caa.yaml"
};
static const unsigned char issuers[] = {
#embed "issuers.yaml"
};
static const unsigned char lang_en[] = {
#embed "lang/en.yaml"
};
static const unsigned char lang_fr[] = {
#embed "lang/fr.yaml"
};
static const unsigned char lang_nl[] = {
#embed "lang/nl.yaml"
};
static const unsigned char lang_de[] = {
#embed "lang/de.yaml"
};
static const unsigned char bcp195[] = {
#embed "profiles/bcp195.yaml"
};
static const unsigned char bsi[] = {
#embed "profiles/bsi.yaml"
};
static const unsigned char ncsc[] = {
#embed "profiles/ncsc-nl-2025-05.yaml"
};
static const unsigned char strict[] = {
#embed "profiles/strict.yaml"
};

static const struct rule_file files[] = {
    {"bimi.yaml", bimi, sizeof bimi},
    {"caa.yaml", caa, sizeof caa},
    {"cert.yaml", cert, sizeof cert},
    {"dane.yaml", dane, sizeof dane},
    {"dkim.yaml", dkim, sizeof dkim},
    {"dmarc.yaml", dmarc, sizeof dmarc},
    {"dnssec.yaml", dnssec, sizeof dnssec},
    {"issuers.yaml", issuers, sizeof issuers},
    {"mark-roots.txt", mark_roots, sizeof mark_roots},
    {"mta_sts.yaml", mta_sts, sizeof mta_sts},
    {"mx.yaml", mx, sizeof mx},
    {"score.yaml", score, sizeof score},
    {"selectors.yaml", selectors, sizeof selectors},
    {"senders.yaml", senders, sizeof senders},
    {"spf.yaml", spf, sizeof spf},
    {"starttls.yaml", starttls, sizeof starttls},
    {"tls.yaml", tls, sizeof tls},
    {"tlsrpt.yaml", tlsrpt, sizeof tlsrpt},
    {"lang/de.yaml", lang_de, sizeof lang_de},
    {"lang/en.yaml", lang_en, sizeof lang_en},
    {"lang/fr.yaml", lang_fr, sizeof lang_fr},
    {"lang/nl.yaml", lang_nl, sizeof lang_nl},
    {"profiles/bcp195.yaml", bcp195, sizeof bcp195},
    {"profiles/bsi.yaml", bsi, sizeof bsi},
    {"profiles/ncsc-nl-2025-05.yaml", ncsc, sizeof ncsc},
    {"profiles/strict.yaml", strict, sizeof strict},
};

int rule_file_count(void) { return (int)(sizeof files / sizeof files[0]); }
struct rule_file rule_file(int index) { return files[index]; }
