/* GET /api/v1/decode/bugcheck and /decode/flags: codes and masks in words. Nothing is stored. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "server/api/catalog_json.h"
#include "server/api/page.h"
#include "server/runtime/number.h"

vf_handler vf_api_decode_bugcheck, vf_api_decode_flags;

static const char number_wanted[] = "must be 0x and up to 16 hexadecimal digits, or decimal";

/* Strict on purpose: 10 and 0x10 are two codes, so a hexadecimal number has to say that it is one. */
static bool parse_number(const char *text, uint64_t max, uint64_t *out)
{
	bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	const char *digits = hex ? text + 2 : text;
	size_t n = strspn(digits, hex ? "0123456789abcdefABCDEF" : "0123456789");

	if (!n || digits[n])
		return false;
	errno = 0;
	*out = strtoull(digits, NULL, hex ? 16 : 10);
	return !errno && *out <= max;
}

static const char *const bugcheck_members[] = {"code", "p1", "p2", "p3", "p4", "os_build"};

/* Reads the parameters that are given: each needs those before it, as on the command line. */
static const char *read_parameters(
	const struct vf_request *req, struct vf_bugcheck_input *in, const char **why)
{
	for (unsigned i = 0; i < 4; i++) {
		const char *text = vf_req_query(req, bugcheck_members[1 + i]);

		if (!text)
			continue;
		*why = "needs the parameters before it";
		if (in->n_parameters != i)
			return bugcheck_members[1 + i];
		*why = number_wanted;
		if (!parse_number(text, UINT64_MAX, &in->parameter[i]))
			return bugcheck_members[1 + i];
		in->n_parameters++;
	}
	return NULL;
}

enum vf_status vf_api_decode_bugcheck(
	struct vf_request *req, struct vf_response *res, struct vf_err *err)
{
	const char *code = vf_req_query(req, "code"), *build = vf_req_query(req, "os_build");
	const char *why = NULL, *field;
	struct vf_bugcheck_input in = {0};
	struct vf_decoded decoded;
	uint64_t number;
	int64_t os_build = 0;
	enum vf_status st;

	if (!vf_page_only(req, res, bugcheck_members, VF_ARRAY_LEN(bugcheck_members), &st))
		return st;
	if (!code)
		return vf_page_refuse(req, res, "code", "is missing");
	if (!parse_number(code, UINT32_MAX, &number))
		return vf_page_refuse(req, res, "code",
			"must be 0x and up to 8 hexadecimal digits, or decimal below 2^32");
	in.raw_code = (uint32_t)number;
	field = read_parameters(req, &in, &why);
	if (field)
		return vf_page_refuse(req, res, field, "%s", why);
	if (build && !vf_parse_i64(build, 1, UINT32_MAX, &os_build))
		return vf_page_refuse(req, res, "os_build", "must be a build number such as 26100");
	in.os_build = (uint32_t)os_build;
	vf_decode_bugcheck(&in, &decoded);
	return vf_res_json(req, res, 200, vf_json_of_bugcheck(&decoded), err);
}

enum vf_status vf_api_decode_flags(
	struct vf_request *req, struct vf_response *res, struct vf_err *err)
{
	static const char *const members[] = {"mask", "windows"};
	const char *text = vf_req_query(req, "mask"), *version = vf_req_query(req, "windows");
	enum vf_windows windows = VF_WIN_UNKNOWN;
	struct vf_decoded_flags flags;
	enum vf_status st;
	uint64_t mask;

	if (!vf_page_only(req, res, members, VF_ARRAY_LEN(members), &st))
		return st;
	if (!text)
		return vf_page_refuse(req, res, "mask", "is missing");
	if (!parse_number(text, UINT32_MAX, &mask))
		return vf_page_refuse(req, res, "mask",
			"must be 0x and up to 8 hexadecimal digits, or decimal below 2^32");
	if (version)
		windows = vf_windows_named(version);
	if (version && !windows)
		return vf_page_refuse(
			req, res, "windows", "must be xp, vista, 7, 8, 8.1, 10 or 11");
	vf_decode_flags((uint32_t)mask, &flags);
	return vf_res_json(req, res, 200, vf_json_of_flags(&flags, windows), err);
}
