#include "agent/wire/batch.h"

#include <inttypes.h>

#include <zlib.h>

#include "agent/core/hex.h"
#include "agent/core/rfc3339.h"
#include "verifleet/version.h"

static const char *lane_word(enum vf_lane lane)
{
	return lane == VF_LANE_CRITICAL ? "critical" : "bulk";
}

enum vf_status vf_wire_batch(struct vf_buf *out, const struct vf_spool_batch *b,
	const struct vf_wire_header *h, struct vf_err *err)
{
	char stream[2 * VF_STREAM_ID_LEN + 1];

	vf_hex(stream, b->stream, VF_STREAM_ID_LEN);
	vf_buf_addf(out,
		"{\"v\":%d,\"stream\":\"%s\",\"lane\":\"%s\",\"first_seq\":%" PRIu64
		",\"count\":%zu,\"sent_at\":\"%s\",\"uptime_us\":%" PRId64
		",\"boot_uuid\":\"%s\"}\n",
		VF_WIRE_VERSION, stream, lane_word(b->lane), b->items[0].seq, b->count,
		vf_time_format(h->sent_at_us).text, h->uptime_us, h->boot_uuid);
	for (size_t i = 0; i < b->count; i++) {
		const struct vf_spool_item *item = &b->items[i];

		if (item->kind == VF_RECORD_GAP) {
			vf_buf_addf(out,
				"{\"seq\":%" PRIu64
				",\"kind\":\"gap\",\"at\":\"%s\",\"last\":%" PRIu64
				",\"reason\":\"%s\",\"lane\":\"%s\"}\n",
				item->seq,
				vf_time_format(item->at_us ? item->at_us : h->sent_at_us).text,
				item->last, item->dropped ? "dropped" : "damaged",
				lane_word(b->lane));
			continue;
		}
		/* The record is an object with a member at least: "seq" goes in front of it. */
		vf_buf_addf(out, "{\"seq\":%" PRIu64 ",", item->seq);
		vf_buf_add(out, b->text.data + item->offset + 1, item->len - 1);
		vf_buf_add(out, "\n", 1);
	}
	return vf_buf_ok(out) ? VF_OK : vf_fail(err, out->failed, "a batch is too large");
}

enum vf_status vf_wire_gzip(struct vf_buf *out, const void *data, size_t len, struct vf_err *err)
{
	z_stream z = {.next_in = (Bytef *)(uintptr_t)data, .avail_in = (uInt)len};
	uLong bound;
	void *room;
	int rc;

	if (deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return vf_fail(err, VF_E_NOMEM, "no memory to compress");
	bound = deflateBound(&z, (uLong)len);
	room = vf_buf_reserve(out, bound);
	if (!room) {
		deflateEnd(&z);
		return vf_fail(err, out->failed, "a compressed batch may be too large");
	}
	z.next_out = room;
	z.avail_out = (uInt)bound;
	rc = deflate(&z, Z_FINISH);
	deflateEnd(&z);
	if (rc != Z_STREAM_END)
		return vf_fail(err, VF_E_INVALID, "zlib gave up with %d", rc);
	vf_buf_grew(out, bound - z.avail_out);
	return VF_OK;
}

enum vf_status vf_wire_gunzip(struct vf_buf *out, const void *data, size_t len, struct vf_err *err)
{
	z_stream z = {.next_in = (Bytef *)(uintptr_t)data, .avail_in = (uInt)len};
	uint8_t chunk[16384];
	int rc = Z_OK;

	if (inflateInit2(&z, 15 + 16) != Z_OK)
		return vf_fail(err, VF_E_NOMEM, "no memory to decompress");
	while (rc == Z_OK && vf_buf_ok(out)) {
		z.next_out = chunk;
		z.avail_out = sizeof chunk;
		rc = inflate(&z, Z_NO_FLUSH);
		if (rc == Z_OK || rc == Z_STREAM_END)
			vf_buf_add(out, chunk, sizeof chunk - z.avail_out);
	}
	inflateEnd(&z);
	if (!vf_buf_ok(out))
		return vf_fail(err, out->failed, "the decompressed data is too large");
	return rc == Z_STREAM_END ? VF_OK
				  : vf_fail(err, VF_E_INVALID, "this is no whole gzip data");
}
