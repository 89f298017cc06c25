#include "agent/core/config.h"

#include <errno.h>
#include <inttypes.h>

enum type { TEXT, NUMBER, SWITCH };

struct row {
	const char *key;
	enum type type;
	size_t offset;
	size_t size; /* of a text, with its NUL */
	uint32_t min, max, initial;
	const char *help;
};

#define TEXT_ROW(member, help)                                                                     \
	{                                                                                          \
#member, TEXT, offsetof(struct vf_config, member),                                 \
			sizeof((struct vf_config *)0)->member, 0, 0, 0, help                       \
	}
#define NUMBER_ROW(member, min, max, initial, help)                                                \
	{                                                                                          \
#member, NUMBER, offsetof(struct vf_config, member), 0, min, max, initial, help    \
	}
#define SWITCH_ROW(member, initial, help)                                                          \
	{                                                                                          \
#member, SWITCH, offsetof(struct vf_config, member), 0, 0, 1, initial, help        \
	}

static const struct row rows[] = {
	TEXT_ROW(server, "address of the server, such as https://verifleet.example:8443"),
	TEXT_ROW(ca_file, "PEM file of the authority that signed the server's certificate"),
	TEXT_ROW(name, "name of this machine; empty: its host name"),
	TEXT_ROW(dump_dir, "folder in which crash dumps appear; they are read, never changed"),
	TEXT_ROW(event_file, "file with one event of the system log a line (JSON)"),
	NUMBER_ROW(spool_mib, 1, 4096, 64, "disk space for what the server has not got yet, MiB"),
	NUMBER_ROW(dump_wait_s, 0, 600, 30,
		"how long a crash waits for the other half of its evidence (dump or event)"),
	NUMBER_ROW(dump_stable_ms, 0, 600000, 2000,
		"a dump is read when it has not changed for this long"),
	NUMBER_ROW(poll_ms, 50, 60000, 1000, "how often the sources are looked at"),
	SWITCH_ROW(upload_dumps, 1, "send small dumps themselves, too (up to 8 MiB each)"),
};

void vf_config_defaults(struct vf_config *c)
{
	memset(c, 0, sizeof *c);
	for (size_t i = 0; i < VF_ARRAY_LEN(rows); i++)
		if (rows[i].type != TEXT)
			memcpy((char *)c + rows[i].offset, &rows[i].initial, sizeof(uint32_t));
}

static enum vf_status set_number(
	struct vf_config *c, const struct row *row, const char *value, struct vf_err *err)
{
	uint32_t n;
	unsigned long v;
	char *end;

	if (row->type == SWITCH && (!strcmp(value, "yes") || !strcmp(value, "true")))
		value = "1";
	if (row->type == SWITCH && (!strcmp(value, "no") || !strcmp(value, "false")))
		value = "0";
	errno = 0;
	v = strtoul(value, &end, 10);
	if (*value >= '0' && *value <= '9' && !*end && !errno && v >= row->min && v <= row->max) {
		n = (uint32_t)v;
		memcpy((char *)c + row->offset, &n, sizeof n);
		return VF_OK;
	}
	if (row->type == SWITCH)
		return vf_fail(
			err, VF_E_INVALID, "%s must be yes or no, not \"%.60s\"", row->key, value);
	return vf_fail(err, VF_E_INVALID,
		"%s must be a number from %" PRIu32 " to %" PRIu32 ", not \"%.60s\"", row->key,
		row->min, row->max, value);
}

enum vf_status vf_config_set(
	struct vf_config *c, const char *key, const char *value, struct vf_err *err)
{
	for (size_t i = 0; i < VF_ARRAY_LEN(rows); i++) {
		if (strcmp(rows[i].key, key) != 0)
			continue;
		if (rows[i].type != TEXT)
			return set_number(c, &rows[i], value, err);
		if (strlen(value) >= rows[i].size)
			return vf_fail(err, VF_E_LIMIT, "%s is longer than %zu bytes", key,
				rows[i].size - 1);
		for (const char *p = value; *p; p++)
			if ((unsigned char)*p < 0x20 || *p == 0x7f)
				return vf_fail(
					err, VF_E_INVALID, "%s holds a control character", key);
		memcpy((char *)c + rows[i].offset, value, strlen(value) + 1);
		return VF_OK;
	}
	return vf_fail(err, VF_E_INVALID, "there is no setting \"%.60s\"", key);
}

static char *trim(char *s)
{
	size_t n;

	while (*s == ' ' || *s == '\t')
		s++;
	n = strlen(s);
	while (n && (s[n - 1] == ' ' || s[n - 1] == '\t' || s[n - 1] == '\r'))
		s[--n] = 0;
	return s;
}

static enum vf_status parse_line(struct vf_config *c, char *line, struct vf_err *err)
{
	char *key = trim(line), *value;

	if (!*key || *key == '#' || *key == ';')
		return VF_OK;
	if (*key == '[')
		return strcmp(key, "[agent]") == 0
			       ? VF_OK
			       : vf_fail(err, VF_E_INVALID,
					 "the only section is [agent], not %.60s", key);
	value = strchr(key, '=');
	if (!value)
		return vf_fail(err, VF_E_INVALID, "\"%.60s\" is not key = value", key);
	*value++ = 0;
	return vf_config_set(c, trim(key), trim(value), err);
}

enum vf_status vf_config_parse(
	struct vf_config *c, const char *text, size_t len, struct vf_err *err)
{
	const char *end = text + len, *next;
	struct vf_err why = {0};
	char line[1024];
	enum vf_status st;
	int number = 0;
	size_t n;

	for (; text < end; text = next) {
		next = memchr(text, '\n', (size_t)(end - text));
		n = (size_t)((next ? next : end) - text);
		next = next ? next + 1 : end;
		number++;
		if (n >= sizeof line)
			return vf_fail(err, VF_E_LIMIT, "line %d is longer than %zu bytes", number,
				sizeof line - 1);
		if (memchr(text, 0, n))
			return vf_fail(err, VF_E_INVALID, "line %d holds a NUL", number);
		memcpy(line, text, n);
		line[n] = 0;
		st = parse_line(c, line, &why);
		if (st != VF_OK)
			return vf_fail(err, st, "line %d: %.200s", number, why.text);
	}
	return VF_OK;
}

void vf_config_print(const struct vf_config *c, struct vf_buf *out)
{
	uint32_t n;

	vf_buf_adds(out, "[agent]\n");
	for (size_t i = 0; i < VF_ARRAY_LEN(rows); i++) {
		const char *at = (const char *)c + rows[i].offset;

		vf_buf_addf(out, "\n# %s", rows[i].help);
		if (rows[i].type == TEXT) {
			vf_buf_addf(out, "\n%s%s = %s\n", *at ? "" : "#", rows[i].key, at);
			continue;
		}
		memcpy(&n, at, sizeof n);
		if (rows[i].type == SWITCH)
			vf_buf_addf(out, "\n%s = %s\n", rows[i].key, n ? "yes" : "no");
		else
			vf_buf_addf(out, " (%" PRIu32 " to %" PRIu32 ")\n%s = %" PRIu32 "\n",
				rows[i].min, rows[i].max, rows[i].key, n);
	}
}
