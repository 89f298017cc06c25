/*
 * The ports of agent/core/ports.h on Linux. Each function fills a table; what has to be given back
 * has a _release(). The objects must not move while a table points at them. One thread an object.
 */
#ifndef VF_AGENT_POSIX_POSIX_H
#define VF_AGENT_POSIX_POSIX_H

#include "agent/core/ports.h"

void vf_posix_clock(struct vf_clock *out);
void vf_posix_files(struct vf_files *out);
void vf_posix_random(struct vf_random *out);

/* The agent's ECDSA P-256 key. Without a key only hashing works. */
struct vf_posix_crypto {
	struct vf_crypto port;
	void *key; /* gnutls_privkey_t */
};
void vf_posix_crypto_init(struct vf_posix_crypto *c);
void vf_posix_crypto_release(struct vf_posix_crypto *c);
/* Reads the key in a file, or makes one and keeps it there with mode 0600. */
VF_MUST enum vf_status vf_posix_crypto_key(
	struct vf_posix_crypto *c, const char *path, bool make, struct vf_err *err);

/* One server over HTTP/1.1 with a connection that is kept. Follows no redirects. */
struct vf_posix_http {
	struct vf_http port;
	void *curl;     /* CURL * */
	char base[512]; /* "http[s]://host[:port]" without a slash at the end */
};
struct vf_posix_http_options {
	const char *server;  /* "http://host:port", "https://host"; a path is refused */
	const char *ca_file; /* PEM; NULL = the system's authorities */
	const char *program; /* for User-Agent */
};
VF_MUST enum vf_status vf_posix_http_open(
	struct vf_posix_http *h, const struct vf_posix_http_options *o, struct vf_err *err);
void vf_posix_http_close(struct vf_posix_http *h);

/* Facts about this machine that the agent reports with every boot. */
struct vf_posix_machine {
	char boot_marker[40]; /* the same during a boot, another one after it */
	char os_name[96];
	char arch[8]; /* x64, arm64, x86 or other */
	uint32_t cpus;
	uint64_t memory_bytes;
	int64_t booted_at_us; /* wall clock */
	char host_name[128];
	char machine_guid[40]; /* "" when unknown */
	char smbios_uuid[40];  /* "" when unknown or not readable */
};
void vf_posix_machine(struct vf_posix_machine *out);

#endif
