#include "agent/core/watermark.h"

#include "agent/core/bytes.h"
#include "agent/core/crc32c.h"
#include "verifleet/version.h"

enum { SLOT_LEN = 48, SLOT_STEP = 512 };

static const uint8_t mark[4] = {0xf5, 'V', 'W', 0xfa};

static void slot_put(uint8_t s[SLOT_LEN], const struct vf_watermark *w)
{
	memset(s, 0, SLOT_LEN);
	memcpy(s, mark, sizeof mark);
	s[4] = VF_SPOOL_VERSION;
	s[5] = w->lane;
	memcpy(s + 8, w->stream, VF_STREAM_ID_LEN);
	vf_put_le64(s + 24, w->acked);
	vf_put_le64(s + 32, w->turn);
	vf_put_le32(s + 44, vf_crc32c(0, s, 44));
}

static bool slot_get(const uint8_t *s, struct vf_watermark *w)
{
	if (memcmp(s, mark, sizeof mark) != 0 || s[4] != VF_SPOOL_VERSION ||
		vf_get_le32(s + 44) != vf_crc32c(0, s, 44))
		return false;
	w->lane = s[5];
	memcpy(w->stream, s + 8, VF_STREAM_ID_LEN);
	w->acked = vf_get_le64(s + 24);
	w->turn = vf_get_le64(s + 32);
	return true;
}

enum vf_status vf_watermark_create(const struct vf_files *files, const char *path,
	const struct vf_watermark *w, struct vf_err *err)
{
	uint8_t both[SLOT_STEP + SLOT_LEN] = {0};
	struct vf_file *f;
	enum vf_status st;

	slot_put(both, w);
	slot_put(both + SLOT_STEP, w);
	st = files->open(files->ctx, path, &f, err);
	if (st != VF_OK)
		return st;
	st = files->write_at(files->ctx, f, 0, both, sizeof both, err);
	if (st == VF_OK)
		st = files->sync(files->ctx, f, err);
	files->close(files->ctx, f);
	return st;
}

enum vf_status vf_watermark_load(const struct vf_files *files, const char *path,
	struct vf_watermark *out, struct vf_err *err)
{
	uint8_t both[SLOT_STEP + SLOT_LEN] = {0};
	struct vf_watermark second;
	enum vf_status st;
	bool a, b;
	size_t got;

	st = files->read_at(files->ctx, path, 0, both, sizeof both, &got, err);
	if (st != VF_OK)
		return st;
	a = slot_get(both, out);
	b = slot_get(both + SLOT_STEP, &second);
	if (b && (!a || second.turn > out->turn)) {
		*out = second;
		a = true;
	}
	return a ? VF_OK : vf_fail(err, VF_E_CORRUPT, "%s: both slots are damaged", path);
}

enum vf_status vf_watermark_move(const struct vf_files *files, const char *path,
	struct vf_watermark *w, uint64_t acked, struct vf_err *err)
{
	struct vf_watermark next = *w;
	uint8_t slot[SLOT_LEN];
	struct vf_file *f;
	enum vf_status st;

	next.acked = acked;
	next.turn++;
	slot_put(slot, &next);
	st = files->open(files->ctx, path, &f, err);
	if (st != VF_OK)
		return st;
	st = files->write_at(files->ctx, f, next.turn & 1 ? SLOT_STEP : 0, slot, sizeof slot, err);
	if (st == VF_OK)
		st = files->sync(files->ctx, f, err);
	files->close(files->ctx, f);
	if (st == VF_OK)
		*w = next;
	return st;
}
