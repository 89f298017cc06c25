#include "agent/core/pe.h"

#include "agent/core/bytes.h"

enum { DOS_HEADER = 64, COFF_HEADER = 24, OPTIONAL_MIN = 68, SECTION = 40 };

static uint16_t le16(const uint8_t *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static enum vf_status not_an_image(struct vf_err *err, const char *why)
{
	return vf_fail(err, VF_E_INVALID, "this is no Windows driver image: %s", why);
}

enum vf_status vf_pe_read(
	struct vf_pe *out, const uint8_t *data, size_t len, uint64_t file_len, struct vf_err *err)
{
	const uint8_t *pe, *opt;
	uint32_t at, headers;
	uint16_t magic, opt_len, sections;

	if (len < DOS_HEADER || data[0] != 'M' || data[1] != 'Z')
		return not_an_image(err, "it does not begin with MZ");
	at = vf_get_le32(data + 0x3c);
	if (at < DOS_HEADER || at > len || len - at < COFF_HEADER + OPTIONAL_MIN)
		return not_an_image(err, "its PE header is not where it should be");
	pe = data + at;
	if (memcmp(pe, "PE\0\0", 4) != 0)
		return not_an_image(err, "its PE header has no signature");
	out->machine = le16(pe + 4);
	if (out->machine != 0x8664 && out->machine != 0xaa64 && out->machine != 0x014c)
		return vf_fail(err, VF_E_INVALID,
			"this image is for a processor (0x%04x) that is none of x64, ARM64 and x86",
			out->machine);
	sections = le16(pe + 6);
	out->timestamp = vf_get_le32(pe + 8);
	opt_len = le16(pe + 20);
	opt = pe + COFF_HEADER;
	magic = le16(opt);
	if (opt_len < OPTIONAL_MIN || (magic != 0x20b && magic != 0x10b))
		return not_an_image(err, "its optional header is damaged");
	out->size_of_image = vf_get_le32(opt + 56);
	headers = vf_get_le32(opt + 60);
	out->checksum = vf_get_le32(opt + 64);
	if (!out->size_of_image || out->size_of_image < headers || !sections ||
		headers > file_len ||
		headers < at + COFF_HEADER + opt_len + (uint32_t)sections * SECTION)
		return not_an_image(err, "its sizes contradict each other");
	return VF_OK;
}
