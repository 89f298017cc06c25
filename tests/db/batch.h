/* Batches for tests: lines put together by hand, so that wrong ones can be written too. */
#ifndef VF_TESTS_DB_BATCH_H
#define VF_TESTS_DB_BATCH_H

#include "server/runtime/buf.h"
#include "tests/db/fixture.h"
#include "verifleet/wire.h"

struct batch {
	struct vf_buf lines; /* without the header */
	unsigned char stream[16];
	const char *lane;
	uint64_t first, next;
	unsigned count;
};

void batch_init(struct batch *, const char *stream_hex, uint64_t first);
void batch_release(struct batch *);
/* A line as it is; takes the next number. */
VF_PRINTF(2, 3) void batch_line(struct batch *, const char *fmt, ...);

/* One bug check. Zero values get useful defaults. */
struct bug {
	const char *source;        /* dump */
	const char *sha;           /* 64 digits; NULL: no dump */
	const char *boot;          /* crash boot, NULL = unknown */
	const char *run, *culprit; /* culprit netx.sys */
	const char *drivers;       /* JSON array text */
	const char *at;
	const char *report; /* JSON object text */
	unsigned code;      /* 0xd1 */
	unsigned offset;
	unsigned p1;
};
void batch_bug(struct batch *, const struct bug *);
void batch_gap(struct batch *, uint64_t last);
/* Sends it and gives the answer; the batch stays as it is. */
struct answer batch_send(struct fixture *, const struct sender *, const struct batch *);
struct answer batch_send_on(
	struct fixture *, struct vf_db *, const struct sender *, const struct batch *);

#endif
