// OpenSSL 3: TLS over memory BIOs, certificates, path validation. Imported by AssayCrypto and the lab alone.
//
// Macros and typed stacks do not import into Swift: each gets a function here that does nothing else.
#ifndef COPENSSL_SHIM_H
#define COPENSSL_SHIM_H
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/param_build.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

static inline int copenssl_set_min_version(SSL_CTX *ctx, int v) { return SSL_CTX_set_min_proto_version(ctx, v); }
static inline int copenssl_set_sni(SSL *ssl, const char *name) { return (int)SSL_set_tlsext_host_name(ssl, name); }
static inline uint64_t copenssl_probe_options(void) {
    return SSL_OP_LEGACY_SERVER_CONNECT | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION;
}
static inline int copenssl_set_signature_schemes(SSL *ssl, const char *list) {
    return (int)SSL_set1_sigalgs_list(ssl, list);
}
static inline int copenssl_set_groups(SSL_CTX *ctx, const char *list) { return (int)SSL_CTX_set1_groups_list(ctx, list); }
static inline void copenssl_keep_sessions_outside(SSL_CTX *ctx) {
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
}
typedef int (*copenssl_sni_callback)(SSL *ssl, int *alert, void *data);
static inline void copenssl_set_sni_callback(SSL_CTX *ctx, copenssl_sni_callback callback, void *data) {
    SSL_CTX_set_tlsext_servername_callback(ctx, callback);
    SSL_CTX_set_tlsext_servername_arg(ctx, data);
}
static inline void copenssl_ask_for_staple(SSL *ssl) { SSL_set_tlsext_status_type(ssl, TLSEXT_STATUSTYPE_ocsp); }
static inline long copenssl_staple_length(SSL *ssl) {
    const unsigned char *p = NULL;
    return SSL_get_tlsext_status_ocsp_resp(ssl, &p);
}
static inline int copenssl_negotiated_group(SSL *ssl) { return (int)SSL_get_negotiated_group(ssl); }
static inline int copenssl_peer_temporary_key(SSL *ssl, EVP_PKEY **key) { return (int)SSL_get_peer_tmp_key(ssl, key); }
static inline int copenssl_peer_digest(SSL *ssl, int *nid) { return (int)SSL_get_peer_signature_nid(ssl, nid); }
// RFC 4514, but UTF-8 stays as it is.
static inline unsigned long copenssl_name_flags(void) { return XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB; }
static inline void copenssl_set_app_data(SSL *ssl, void *data) { SSL_set_app_data(ssl, data); }
static inline void *copenssl_app_data(const SSL *ssl) { return SSL_get_app_data(ssl); }
static inline void copenssl_set_max_cert_list(SSL *ssl, long octets) { SSL_set_max_cert_list(ssl, octets); }
static inline size_t copenssl_pending(BIO *bio) { return BIO_ctrl_pending(bio); }
static inline long copenssl_bio_data(BIO *bio, char **data) { return BIO_get_mem_data(bio, data); }
static inline int copenssl_reason(unsigned long error) { return ERR_GET_REASON(error); }
static inline int copenssl_library(unsigned long error) { return ERR_GET_LIB(error); }

static inline STACK_OF(X509) *copenssl_chain_new(void) { return sk_X509_new_null(); }
static inline int copenssl_chain_push(STACK_OF(X509) *chain, X509 *cert) {
    X509_up_ref(cert);
    return sk_X509_push(chain, cert);
}
static inline void copenssl_chain_free(STACK_OF(X509) *chain) { sk_X509_pop_free(chain, X509_free); }
static inline int copenssl_chain_count(const STACK_OF(X509) *chain) { return sk_X509_num(chain); }
static inline X509 *copenssl_chain_at(const STACK_OF(X509) *chain, int index) { return sk_X509_value(chain, index); }

static inline int copenssl_store_count(X509_STORE *store) {
    return sk_X509_OBJECT_num(X509_STORE_get0_objects(store));
}
static inline X509 *copenssl_store_at(X509_STORE *store, int index) {
    return X509_OBJECT_get0_X509(sk_X509_OBJECT_value(X509_STORE_get0_objects(store), index));
}

// Alternative names: each value as OpenSSL stores it, length and octets.
static inline GENERAL_NAMES *copenssl_alternative_names(const X509 *cert) {
    return (GENERAL_NAMES *)X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);
}
static inline int copenssl_names_count(const GENERAL_NAMES *names) { return sk_GENERAL_NAME_num(names); }
static inline const ASN1_STRING *copenssl_dns_name(const GENERAL_NAMES *names, int index) {
    const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, index);
    return name->type == GEN_DNS ? name->d.dNSName : NULL;
}

// URLs of caIssuers in authorityInfoAccess.
static inline AUTHORITY_INFO_ACCESS *copenssl_access(const X509 *cert) {
    return (AUTHORITY_INFO_ACCESS *)X509_get_ext_d2i(cert, NID_info_access, NULL, NULL);
}
static inline int copenssl_access_count(const AUTHORITY_INFO_ACCESS *access) {
    return sk_ACCESS_DESCRIPTION_num(access);
}
static inline const ASN1_STRING *copenssl_ca_issuer(const AUTHORITY_INFO_ACCESS *access, int index) {
    const ACCESS_DESCRIPTION *entry = sk_ACCESS_DESCRIPTION_value(access, index);
    if (OBJ_obj2nid(entry->method) != NID_ad_ca_issuers || entry->location->type != GEN_URI) return NULL;
    return entry->location->d.uniformResourceIdentifier;
}

static inline CERTIFICATEPOLICIES *copenssl_policies(const X509 *cert) {
    return (CERTIFICATEPOLICIES *)X509_get_ext_d2i(cert, NID_certificate_policies, NULL, NULL);
}
static inline int copenssl_policies_count(const CERTIFICATEPOLICIES *policies) { return sk_POLICYINFO_num(policies); }
static inline const ASN1_OBJECT *copenssl_policy(const CERTIFICATEPOLICIES *policies, int index) {
    return sk_POLICYINFO_value(policies, index)->policyid;
}

// For the lab's own authority and servers.
static inline EVP_PKEY *copenssl_generate_ec(const char *curve) { return EVP_EC_gen(curve); }
static inline EVP_PKEY *copenssl_generate_rsa(unsigned bits) { return EVP_RSA_gen(bits); }
/* An RSA key of its numbers; nil where OpenSSL will not have it. */
static inline EVP_PKEY *copenssl_rsa_of(const BIGNUM *n, const BIGNUM *e, const BIGNUM *d) {
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    OSSL_PARAM *params = NULL;
    if (ctx && build && OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n) &&
        OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e) &&
        OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_D, d) && (params = OSSL_PARAM_BLD_to_param(build)) &&
        EVP_PKEY_fromdata_init(ctx) > 0)
        EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_KEYPAIR, params);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(build);
    EVP_PKEY_CTX_free(ctx);
    return key;
}
static inline int copenssl_set_max_version(SSL_CTX *ctx, int v) { return SSL_CTX_set_max_proto_version(ctx, v); }
static inline int copenssl_set_context_schemes(SSL_CTX *ctx, const char *list) {
    return (int)SSL_CTX_set1_sigalgs_list(ctx, list);
}
static inline uint64_t copenssl_own_order(void) { return SSL_OP_CIPHER_SERVER_PREFERENCE; }
static inline uint64_t copenssl_no_encrypt_then_mac(void) { return SSL_OP_NO_ENCRYPT_THEN_MAC; }
static inline uint64_t copenssl_no_extended_master_secret(void) { return SSL_OP_NO_EXTENDED_MASTER_SECRET; }
static inline void copenssl_automatic_dh(SSL_CTX *ctx) { SSL_CTX_set_dh_auto(ctx, 1); }
static inline int copenssl_add_chain(SSL_CTX *ctx, X509 *cert) { return (int)SSL_CTX_add1_chain_cert(ctx, cert); }

// A parameter list keeps pointers to names and octets, so it is made, used and freed in one call.
static inline EVP_PKEY *copenssl_public_key(const char *kind, OSSL_PARAM_BLD *list) {
    EVP_PKEY *key = NULL;
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(list);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, kind, NULL);
    if (params && ctx && EVP_PKEY_fromdata_init(ctx) == 1) EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params);
    EVP_PKEY_CTX_free(ctx);
    OSSL_PARAM_free(params);
    return key;
}
static inline EVP_PKEY *copenssl_ec_public_key(const char *group, const unsigned char *point, size_t length) {
    EVP_PKEY *key = NULL;
    OSSL_PARAM_BLD *list = OSSL_PARAM_BLD_new();
    if (list && OSSL_PARAM_BLD_push_utf8_string(list, OSSL_PKEY_PARAM_GROUP_NAME, group, 0) == 1 &&
        OSSL_PARAM_BLD_push_octet_string(list, OSSL_PKEY_PARAM_PUB_KEY, point, length) == 1)
        key = copenssl_public_key("EC", list);
    OSSL_PARAM_BLD_free(list);
    return key;
}
static inline EVP_PKEY *copenssl_rsa_public_key(
    const unsigned char *n, size_t n_length, const unsigned char *e, size_t e_length) {
    EVP_PKEY *key = NULL;
    BIGNUM *modulus = BN_bin2bn(n, (int)n_length, NULL), *exponent = BN_bin2bn(e, (int)e_length, NULL);
    OSSL_PARAM_BLD *list = OSSL_PARAM_BLD_new();
    if (modulus && exponent && list && OSSL_PARAM_BLD_push_BN(list, OSSL_PKEY_PARAM_RSA_N, modulus) == 1 &&
        OSSL_PARAM_BLD_push_BN(list, OSSL_PKEY_PARAM_RSA_E, exponent) == 1)
        key = copenssl_public_key("RSA", list);
    OSSL_PARAM_BLD_free(list);
    BN_free(modulus);
    BN_free(exponent);
    return key;
}

#endif
