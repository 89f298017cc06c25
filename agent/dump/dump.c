#include "agent/dump/dump.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/dump/parse.h"

/* Behind this offset lie the parameters in both headers: less than that says nothing at all. */
enum { HEADER_LEAST = 0x60 };

void vf_dump_warn(struct vf_parse *p, const char *fmt, ...)
{
	struct vf_dump *d = p->dump;
	va_list ap;

	/* Each is said once a parse and there are fewer kinds than places; this only makes sure. */
	if (d->warning_count == VF_DUMP_WARNINGS)
		return;
	va_start(ap, fmt);
	vsnprintf(d->warnings[d->warning_count++], VF_DUMP_WARNING_TEXT, fmt, ap);
	va_end(ap);
}

static enum vf_status refuse(const uint8_t *raw, size_t len, struct vf_err *err)
{
	static const struct {
		const char *start, *what;
	} known[] = {
		{"MDMP", "a user-mode minidump, not a kernel crash dump"},
		{"PK\3\4", "a zip archive: unpack it and give the .dmp file inside"},
		{"MSCF", "a cabinet archive: unpack it and give the .dmp file inside"},
		{"\x1f\x8b", "a gzip archive: unpack it and give the .dmp file inside"},
		{"7z\xbc\xaf", "a 7-Zip archive: unpack it and give the .dmp file inside"},
		{"\x7f"
		 "ELF",
			"an ELF file, not a Windows kernel crash dump"},
	};

	if (!len)
		return vf_fail(err, VF_E_INVALID, "the file is empty");
	for (size_t i = 0; i < VF_ARRAY_LEN(known); i++)
		if (len >= strlen(known[i].start) &&
			!memcmp(raw, known[i].start, strlen(known[i].start)))
			return vf_fail(err, VF_E_INVALID, "this is %s", known[i].what);
	return vf_fail(err, VF_E_INVALID,
		"this is not a Windows kernel crash dump (it does not start with PAGEDU64 or "
		"PAGEDUMP)");
}

static enum vf_status open_header(struct vf_parse *p, struct vf_err *err)
{
	uint64_t size = p->reader.source->size;
	struct vf_dump *d = p->dump;

	p->header_len = size < sizeof p->header ? (size_t)size : sizeof p->header;
	if (!vf_reader_get(&p->reader, 0, p->header, p->header_len))
		return vf_fail(err, VF_E_IO, "the header cannot be read");
	if (p->header_len >= 8 && !memcmp(p->header, "PAGEDU64", 8))
		d->bits = 64;
	else if (p->header_len >= 8 && !memcmp(p->header, "PAGEDUMP", 8))
		d->bits = 32;
	else
		return refuse(p->header, p->header_len, err);
	p->word = d->bits / 8;
	if (d->bits == 32 && p->header_len > VF_HEADER_32)
		p->header_len = VF_HEADER_32;
	if (p->header_len < HEADER_LEAST)
		return vf_fail(err, VF_E_INVALID,
			"the kernel dump is cut after %zu bytes, before its bug check code",
			p->header_len);
	if (p->header_len < (d->bits == 64 ? VF_HEADER_64 : VF_HEADER_32))
		vf_dump_warn(
			p, "the file is cut inside its header, after %zu bytes", p->header_len);
	return VF_OK;
}

enum vf_status vf_dump_parse(struct vf_dump *d, const struct vf_source *source, struct vf_err *err)
{
	struct vf_parse *p = calloc(1, sizeof *p);
	enum vf_status st;
	bool ok = true;

	memset(d, 0, sizeof *d);
	if (!p)
		return vf_fail(err, VF_E_NOMEM, "out of memory");
	p->dump = d;
	vf_reader_init(&p->reader, source);
	st = open_header(p, err);
	if (st != VF_OK)
		goto out_free;
	vf_parse_header(p);
	if (d->kind == VF_DUMP_TRIAGE || d->kind == VF_DUMP_UNKNOWN)
		ok = vf_parse_triage(p);
	else
		vf_parse_body(p);
	if (!ok || !vf_find_culprit(p)) {
		vf_dump_release(d);
		st = vf_fail(err, VF_E_NOMEM, "out of memory");
		goto out_free;
	}
	if (p->reader.status != VF_OK)
		vf_dump_warn(p, "parts of the file could not be read from the disk");
out_free:
	free(p->ranges);
	free(p);
	return st;
}

void vf_dump_release(struct vf_dump *d)
{
	for (size_t i = 0; i < d->driver_count; i++)
		free(d->drivers[i].path);
	free(d->drivers);
	free(d->unloaded);
	free(d->words);
	free(d->blobs);
	free(d->culprit.module);
	memset(d, 0, sizeof *d);
}
