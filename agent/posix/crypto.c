#include "agent/posix/posix.h"

#include <fcntl.h>
#include <unistd.h>

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

static void sha256(void *ctx, const void *data, size_t len, uint8_t out[VF_SHA256_LEN])
{
	(void)ctx;
	if (gnutls_hash_fast(GNUTLS_DIG_SHA256, data, len, out) < 0)
		abort(); /* the algorithm is built in: only memory corruption gets here */
}

static enum vf_status sha256_file(
	void *ctx, const char *path, uint8_t out[VF_SHA256_LEN], uint64_t *size, struct vf_err *err)
{
	gnutls_hash_hd_t hash;
	enum vf_status st = VF_OK;
	uint8_t *chunk;
	ssize_t n;
	int fd;

	(void)ctx;
	*size = 0;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return vf_fail_sys(err, VF_E_IO, "%.180s", path);
	chunk = malloc(1 << 16);
	if (!chunk || gnutls_hash_init(&hash, GNUTLS_DIG_SHA256) < 0) {
		st = vf_fail(err, VF_E_NOMEM, "no memory for a checksum");
		goto out_close;
	}
	while ((n = read(fd, chunk, 1 << 16)) > 0) {
		gnutls_hash(hash, chunk, (size_t)n);
		*size += (uint64_t)n;
	}
	if (n < 0)
		st = vf_fail_sys(err, VF_E_IO, "%.180s", path);
	gnutls_hash_deinit(hash, out);
out_close:
	free(chunk);
	close(fd);
	return st;
}

static enum vf_status sign(void *ctx, const void *data, size_t len, uint8_t out[VF_SIGNATURE_MAX],
	size_t *out_len, struct vf_err *err)
{
	struct vf_posix_crypto *c = ctx;
	gnutls_datum_t in = {(unsigned char *)data, (unsigned)len}, sig = {0};
	int rc;

	if (!c->key)
		return vf_fail(err, VF_E_NOTFOUND, "the agent has no key");
	rc = gnutls_privkey_sign_data2(c->key, GNUTLS_SIGN_ECDSA_SHA256, 0, &in, &sig);
	if (rc < 0)
		return vf_fail(err, VF_E_INVALID, "cannot sign: %s", gnutls_strerror(rc));
	if (sig.size > VF_SIGNATURE_MAX) {
		gnutls_free(sig.data);
		return vf_fail(err, VF_E_LIMIT, "a signature of %u bytes", sig.size);
	}
	memcpy(out, sig.data, sig.size);
	*out_len = sig.size;
	gnutls_free(sig.data);
	return VF_OK;
}

static enum vf_status public_pem(void *ctx, struct vf_buf *out, struct vf_err *err)
{
	struct vf_posix_crypto *c = ctx;
	gnutls_datum_t pem = {0};
	gnutls_pubkey_t pub;
	int rc;

	if (!c->key)
		return vf_fail(err, VF_E_NOTFOUND, "the agent has no key");
	rc = gnutls_pubkey_init(&pub);
	if (rc < 0)
		return vf_fail(err, VF_E_NOMEM, "%s", gnutls_strerror(rc));
	rc = gnutls_pubkey_import_privkey(pub, c->key, 0, 0);
	if (rc >= 0)
		rc = gnutls_pubkey_export2(pub, GNUTLS_X509_FMT_PEM, &pem);
	gnutls_pubkey_deinit(pub);
	if (rc < 0)
		return vf_fail(err, VF_E_INVALID, "%s", gnutls_strerror(rc));
	vf_buf_add(out, pem.data, pem.size);
	gnutls_free(pem.data);
	return vf_buf_ok(out) ? VF_OK : vf_fail(err, out->failed, "the key is too long");
}

void vf_posix_crypto_init(struct vf_posix_crypto *c)
{
	*c = (struct vf_posix_crypto){
		.port = {c, sha256, sha256_file, sign, public_pem},
	};
}

void vf_posix_crypto_release(struct vf_posix_crypto *c)
{
	if (c->key)
		gnutls_privkey_deinit(c->key);
	c->key = NULL;
}

static int make_key(gnutls_x509_privkey_t key)
{
	return gnutls_x509_privkey_generate(
		key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0);
}

static enum vf_status store_key(gnutls_x509_privkey_t key, const struct vf_files *files,
	const char *path, struct vf_err *err)
{
	gnutls_datum_t pem = {0};
	enum vf_status st;
	int rc = gnutls_x509_privkey_export2_pkcs8(
		key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN, &pem);

	if (rc < 0)
		return vf_fail(err, VF_E_INVALID, "cannot keep the key: %s", gnutls_strerror(rc));
	st = files->replace(files->ctx, path, pem.data, pem.size, err);
	gnutls_memset(pem.data, 0, pem.size);
	gnutls_free(pem.data);
	return st;
}

enum vf_status vf_posix_crypto_key(
	struct vf_posix_crypto *c, const char *path, bool make, struct vf_err *err)
{
	gnutls_x509_privkey_t key;
	gnutls_privkey_t handle = NULL;
	struct vf_files files;
	struct vf_buf pem;
	enum vf_status st;
	int rc;

	vf_posix_files(&files);
	vf_buf_init(&pem, 16384);
	if (gnutls_x509_privkey_init(&key) < 0)
		return vf_fail(err, VF_E_NOMEM, "no memory for a key");
	st = files.read_all(files.ctx, path, &pem, err);
	if (st == VF_OK) {
		gnutls_datum_t in = {pem.data, (unsigned)pem.len};

		rc = gnutls_x509_privkey_import2(key, &in, GNUTLS_X509_FMT_PEM, NULL, 0);
		if (rc < 0)
			st = vf_fail(err, VF_E_CORRUPT, "%.150s: not a key: %s", path,
				gnutls_strerror(rc));
	} else if (st == VF_E_NOTFOUND && make) {
		rc = make_key(key);
		st = rc < 0 ? vf_fail(err, VF_E_INVALID, "cannot make a key: %s",
				      gnutls_strerror(rc))
			    : store_key(key, &files, path, err);
	}
	if (st == VF_OK &&
		(gnutls_privkey_init(&handle) < 0 ||
			gnutls_privkey_import_x509(handle, key, GNUTLS_PRIVKEY_IMPORT_COPY) < 0)) {
		if (handle)
			gnutls_privkey_deinit(handle);
		st = vf_fail(err, VF_E_INVALID, "%.180s: the key cannot be used", path);
	}
	if (st == VF_OK) {
		vf_posix_crypto_release(c);
		c->key = handle;
	}
	gnutls_x509_privkey_deinit(key);
	if (pem.data)
		gnutls_memset(pem.data, 0, pem.len);
	vf_buf_release(&pem);
	return st;
}
