/* Same origin, session cookies and signatures: what decides who asks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <gnutls/abstract.h>

#include "server/api/cookie.h"
#include "server/api/env.h"
#include "server/http/auth.h"
#include "server/http/signature.h"

static void only_our_own_pages_write_with_a_cookie(void **state)
{
	(void)state;
	assert_true(vf_same_origin("same-origin", "http://other", "localhost:8080"));
	assert_true(vf_same_origin("none", NULL, "localhost:8080"));
	assert_false(vf_same_origin("cross-site", NULL, "localhost:8080"));
	assert_false(vf_same_origin("same-site", "http://localhost:8080", "localhost:8080"));
	assert_true(vf_same_origin(NULL, "http://localhost:8080", "localhost:8080"));
	assert_true(vf_same_origin(NULL, "https://Vf.example", "vf.example"));
	assert_false(vf_same_origin(NULL, "http://localhost:8081", "localhost:8080"));
	assert_false(vf_same_origin(NULL, "null", "localhost:8080"));
	assert_false(vf_same_origin(NULL, "http://localhost:8080", NULL));
	assert_true(vf_same_origin(NULL, NULL, "localhost:8080"));
}

static const char *cookies;

static const char *header(const struct vf_request *req, const char *name)
{
	(void)req;
	return strcmp(name, "Cookie") ? NULL : cookies;
}

#define DIGITS "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static void the_session_cookie_is_found_among_others(void **state)
{
	static const char *const bad[] = {NULL, "", "vf_session=", "vf_session=" DIGITS "0",
		"xvf_session=" DIGITS, "vf_session=zz" DIGITS, "vf_sessio=" DIGITS,
		"a=vf_session=" DIGITS};
	struct vf_request req = {.header = header};
	unsigned char one[32], two[32];

	(void)state;
	cookies = "vf_session=" DIGITS;
	assert_true(vf_cookie_hash(&req, one));
	cookies = "theme=dark; vf_session=" DIGITS "; x=y";
	assert_true(vf_cookie_hash(&req, two));
	assert_memory_equal(one, two, 32);
	for (size_t i = 0; i < VF_ARRAY_LEN(bad); i++) {
		cookies = bad[i];
		assert_false(vf_cookie_hash(&req, two));
	}
}

static void a_new_cookie_is_closed_to_scripts_and_other_sites(void **state)
{
	struct vf_api_env env = {.cookie_secure = false};
	struct vf_arena arena;
	struct vf_request req = {.header = header, .arena = &arena, .env = &env};
	unsigned char made[32], read[32];
	char *set;

	(void)state;
	vf_arena_init(&arena, 4096);
	set = vf_cookie_new(&req, 60, made);
	assert_non_null(strstr(set, "; HttpOnly"));
	assert_non_null(strstr(set, "; SameSite=Strict"));
	assert_null(strstr(set, "; Secure"));
	cookies = set;
	assert_true(vf_cookie_hash(&req, read));
	assert_memory_equal(made, read, 32);
	env.cookie_secure = true;
	assert_non_null(strstr(vf_cookie_new(&req, 60, made), "; Secure"));
	vf_arena_release(&arena);
}

struct keys {
	gnutls_privkey_t priv;
	gnutls_datum_t pem, signature;
};

/* A key pair of `curve` and its signature over `text`. */
static void make(struct keys *k, gnutls_ecc_curve_t curve, const char *text)
{
	gnutls_datum_t data = {(unsigned char *)text, (unsigned)strlen(text)}, der;
	gnutls_pubkey_t pub;

	gnutls_privkey_init(&k->priv);
	assert_int_equal(
		gnutls_privkey_generate(k->priv, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(curve), 0),
		0);
	gnutls_pubkey_init(&pub);
	gnutls_pubkey_import_privkey(pub, k->priv, 0, 0);
	assert_int_equal(gnutls_pubkey_export2(pub, GNUTLS_X509_FMT_PEM, &k->pem), 0);
	gnutls_pubkey_deinit(pub);
	assert_int_equal(gnutls_privkey_sign_data(k->priv, GNUTLS_DIG_SHA256, 0, &data, &der), 0);
	assert_int_equal(gnutls_base64_encode2(&der, &k->signature), 0);
	gnutls_free(der.data);
}

static void drop(struct keys *k)
{
	gnutls_privkey_deinit(k->priv);
	gnutls_free(k->pem.data);
	gnutls_free(k->signature.data);
}

static void a_signature_fits_its_key_and_its_text(void **state)
{
	static const char text[] = "POST\n/api/v1/ingest\nabc\n2026-11-21T20:41:02Z\n00";
	struct keys mine, other;
	char *pem, *other_pem, *signature;

	(void)state;
	make(&mine, GNUTLS_ECC_CURVE_SECP256R1, text);
	make(&other, GNUTLS_ECC_CURVE_SECP256R1, text);
	pem = (char *)mine.pem.data;
	other_pem = (char *)other.pem.data;
	signature = (char *)mine.signature.data;
	assert_true(vf_signature_fits(pem, text, signature));
	assert_false(vf_signature_fits(pem, "POST\n/api/v1/other", signature));
	assert_false(vf_signature_fits(other_pem, text, signature));
	assert_false(vf_signature_fits("", text, signature));
	assert_false(vf_signature_fits(pem, text, ""));
	assert_false(vf_signature_fits(pem, text, "!!!!"));
	assert_false(vf_signature_fits(pem, text, "AAAA"));
	signature[12] = signature[12] == 'A' ? 'B' : 'A';
	assert_false(vf_signature_fits(pem, text, signature));
	drop(&mine);
	drop(&other);
}

static void only_p256_keys_count(void **state)
{
	struct keys k;

	(void)state;
	make(&k, GNUTLS_ECC_CURVE_SECP384R1, "text");
	assert_false(vf_signature_fits((char *)k.pem.data, "text", (char *)k.signature.data));
	drop(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_our_own_pages_write_with_a_cookie),
		cmocka_unit_test(the_session_cookie_is_found_among_others),
		cmocka_unit_test(a_new_cookie_is_closed_to_scripts_and_other_sites),
		cmocka_unit_test(a_signature_fits_its_key_and_its_text),
		cmocka_unit_test(only_p256_keys_count),
	};

	return cmocka_run_group_tests_name("auth", tests, NULL, NULL);
}
