/* What drivers added through their bug check callbacks, behind the triage part. */
#include "agent/dump/parse.h"

#include <stdlib.h>
#include <string.h>

enum { FILE_HEADER = 16, BLOB_HEADER = 32, FIRST_BLOBS = 64, PADDING = 64 };

static bool keep(struct vf_dump *d, size_t *capacity, const struct vf_dump_blob *blob)
{
	struct vf_dump_blob *grown;

	if (d->blob_count == *capacity) {
		*capacity = *capacity ? 2 * *capacity : FIRST_BLOBS;
		grown = realloc(d->blobs, *capacity * sizeof *grown);
		if (!grown)
			return false;
		d->blobs = grown;
	}
	d->blobs[d->blob_count++] = *blob;
	return true;
}

/* Some tools pad files to whole sectors: nothing but zeros from here on ends the data. */
static bool only_padding(struct vf_parse *p, uint64_t at)
{
	uint64_t left = p->reader.source->size - at;
	uint8_t raw[PADDING];

	if (left > PADDING)
		left = PADDING;
	if (!vf_reader_get(&p->reader, at, raw, (size_t)left))
		return false;
	for (size_t i = 0; i < left; i++)
		if (raw[i])
			return false;
	return true;
}

/* Finds where the first blob starts; false when there is no secondary data. */
static bool start(struct vf_parse *p, uint64_t *at)
{
	uint64_t size = p->reader.source->size, from = p->triage.size_of_dump;
	uint8_t raw[FILE_HEADER];
	uint32_t header;

	if (from < VF_HEADER_32 || from >= size || only_padding(p, from))
		return false;
	if (!vf_reader_get(&p->reader, from, raw, sizeof raw) || memcmp(raw, "DumpBlob", 8)) {
		vf_dump_warn(p, "the last %llu bytes of the file are not secondary data",
			(unsigned long long)(size - from));
		return false;
	}
	header = vf_le32(raw + 8);
	if (header < FILE_HEADER || header > size - from) {
		vf_dump_warn(p, "the header of the secondary data is not valid");
		return false;
	}
	*at = from + header;
	return true;
}

bool vf_parse_secondary(struct vf_parse *p)
{
	uint64_t at, size = p->reader.source->size;
	size_t capacity = 0;

	if (!start(p, &at))
		return true;
	while (at < size) {
		uint8_t raw[BLOB_HEADER];
		struct vf_dump_blob blob;
		uint64_t header, pre, post;

		if (only_padding(p, at))
			break;
		if (p->dump->blob_count == VF_DUMP_BLOBS) {
			vf_dump_warn(p, "only the first %d secondary data blobs are read",
				(int)VF_DUMP_BLOBS);
			break;
		}
		if (!vf_reader_get(&p->reader, at, raw, sizeof raw)) {
			vf_dump_warn(p, "the secondary data is cut");
			break;
		}
		header = vf_le32(raw);
		memcpy(blob.guid, raw + 4, sizeof blob.guid);
		blob.size = vf_le32(raw + 20);
		pre = vf_le32(raw + 24);
		post = vf_le32(raw + 28);
		blob.offset = at + header + pre;
		if (header < BLOB_HEADER || !vf_reader_holds(&p->reader, blob.offset, blob.size)) {
			vf_dump_warn(p, "a blob of the secondary data is cut or damaged");
			break;
		}
		if (!keep(p->dump, &capacity, &blob))
			return false;
		at = blob.offset + blob.size + post;
	}
	return true;
}
