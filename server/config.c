#include "server/config.h"

#include <arpa/inet.h>

#include "server/runtime/buf.h"
#include "server/runtime/number.h"

#define FILE_MAX (256u * 1024u)

enum kind { TEXT, INT, FLAG };

struct setting {
	enum kind kind;
	const char *name, *def;
	int64_t min, max;
	bool reloadable;
	size_t offset;
	const char *help;
};

static const struct setting table[] = {
#define SETTING(kind, name, def, min, max, reload, help)                                           \
	{kind, #name, def, min, max, reload, offsetof(struct vf_config, name), help},
#include "server/config.def"
#undef SETTING
};
_Static_assert(VF_ARRAY_LEN(table) <= sizeof(((struct vf_config *)0)->source), "too many settings");

static const char *const source_name[] = {"default", "file", "environment", "option"};

static const struct setting *find(const char *name, size_t len)
{
	for (size_t i = 0; i < VF_ARRAY_LEN(table); i++) {
		const char *have = table[i].name;
		size_t n = 0;

		while (n < len && have[n] &&
			(have[n] == name[n] || (have[n] == '_' && name[n] == '-')))
			n++;
		if (n == len && !have[n])
			return &table[i];
	}
	return NULL;
}

static bool parse_flag(const char *text, bool *out)
{
	static const char *const yes[] = {"yes", "true", "on", "1"};
	static const char *const no[] = {"no", "false", "off", "0"};

	for (size_t i = 0; i < VF_ARRAY_LEN(yes); i++) {
		*out = !strcmp(text, yes[i]);
		if (*out || !strcmp(text, no[i]))
			return true;
	}
	return false;
}

static enum vf_status assign(struct vf_config *c, const struct setting *s, const char *value,
	enum vf_config_source source, struct vf_err *err)
{
	void *at = (char *)c + s->offset;
	const char *from = source_name[source];
	size_t len = strlen(value);

	switch (s->kind) {
	case TEXT:
		if (len < (size_t)s->min || len > (size_t)s->max)
			return vf_fail(err, VF_E_INVALID, "%s (%s) must have %d to %d characters",
				s->name, from, (int)s->min, (int)s->max);
		memcpy(at, value, len + 1);
		break;
	case INT:
		if (!vf_parse_i64(value, s->min, s->max, at))
			return vf_fail(err, VF_E_INVALID,
				"%s (%s) must be a number from %d to %d, not \"%.60s\"", s->name,
				from, (int)s->min, (int)s->max, value);
		break;
	case FLAG:
		if (!parse_flag(value, at))
			return vf_fail(err, VF_E_INVALID,
				"%s (%s) must be yes or no, not \"%.60s\"", s->name, from, value);
		break;
	}
	c->source[s - table] = (unsigned char)source;
	return VF_OK;
}

enum vf_status vf_config_set(struct vf_config *c, const char *name, const char *value,
	enum vf_config_source source, struct vf_err *err)
{
	const struct setting *s = find(name, strlen(name));

	if (!s)
		return vf_fail(err, VF_E_NOTFOUND, "there is no setting \"%.60s\"", name);
	return assign(c, s, value, source, err);
}

void vf_config_defaults(struct vf_config *c)
{
	enum vf_status st;

	memset(c, 0, sizeof *c);
	for (size_t i = 0; i < VF_ARRAY_LEN(table); i++) {
		st = assign(c, &table[i], table[i].def, VF_FROM_DEFAULT, NULL);
		(void)st; /* config_test checks that every default is valid */
	}
}

/* ------------------------------------------------------------------ INI file */

static char *trim(char *text)
{
	size_t len;

	text += strspn(text, " \t\r");
	len = strlen(text);
	while (len && strchr(" \t\r", text[len - 1]))
		text[--len] = 0;
	return text;
}

static enum vf_status parse_line(
	struct vf_config *c, const char *name, int number, char *line, struct vf_err *err)
{
	struct vf_err why;
	char *value;

	line = trim(line);
	if (!*line || *line == '#' || *line == ';' || !strcmp(line, "[verifleetd]"))
		return VF_OK;
	value = strchr(line, '=');
	if (!value)
		return vf_fail(err, VF_E_INVALID, "%s:%d: expected `name = value`", name, number);
	*value++ = 0;
	if (vf_config_set(c, trim(line), trim(value), VF_FROM_FILE, &why))
		return vf_fail(err, why.code, "%s:%d: %.180s", name, number, why.text);
	return VF_OK;
}

enum vf_status vf_config_parse(
	struct vf_config *c, const char *name, const char *text, struct vf_err *err)
{
	char line[VF_CONFIG_TEXT + 128];
	enum vf_status st = VF_OK;

	for (int number = 1; !st && *text; number++) {
		size_t len = strcspn(text, "\n");

		if (len >= sizeof line)
			return vf_fail(
				err, VF_E_LIMIT, "%s:%d: the line is too long", name, number);
		memcpy(line, text, len);
		line[len] = 0;
		st = parse_line(c, name, number, line, err);
		text += len + (text[len] == '\n');
	}
	return st;
}

static enum vf_status read_file(struct vf_config *c, const char *path, struct vf_err *err)
{
	enum vf_status st = VF_OK;
	struct vf_buf text;
	char chunk[4096];
	size_t n;
	FILE *f;

	if (strlen(path) >= sizeof c->file)
		return vf_fail(err, VF_E_LIMIT, "the path of the configuration file is too long");
	f = fopen(path, "re");
	if (!f)
		return vf_fail_sys(err, VF_E_IO, "cannot read the configuration file %s", path);
	vf_buf_init(&text, FILE_MAX);
	while (!st && (n = fread(chunk, 1, sizeof chunk, f)) > 0)
		st = vf_buf_add(&text, chunk, n);
	if (st)
		st = vf_fail(err, st, "%s is larger than %u bytes", path, FILE_MAX);
	else if (ferror(f))
		st = vf_fail_sys(err, VF_E_IO, "cannot read %s", path);
	else
		st = vf_config_parse(c, path, text.data ? text.data : "", err);
	snprintf(c->file, sizeof c->file, "%s", path);
	vf_buf_release(&text);
	fclose(f);
	return st;
}

/* ------------------------------------------------------------------ environment and options */

static enum vf_status read_environment(struct vf_config *c, struct vf_err *err)
{
	char name[64] = "VERIFLEET_";
	enum vf_status st = VF_OK;

	for (size_t i = 0; !st && i < VF_ARRAY_LEN(table); i++) {
		const char *value;
		size_t n = 10;

		for (const char *p = table[i].name; *p && n < sizeof name - 1; p++)
			name[n++] = (char)(*p >= 'a' && *p <= 'z' ? *p - 32 : *p);
		name[n] = 0;
		value = getenv(name);
		if (value)
			st = assign(c, &table[i], value, VF_FROM_ENVIRONMENT, err);
	}
	return st;
}

struct option_arg {
	const struct setting *setting; /* NULL: --config */
	const char *value;
	bool is_option;
};

/* Looks at argv[i]; *used tells how many arguments belong to it. */
static enum vf_status one_option(
	int argc, char **argv, int i, struct option_arg *out, int *used, struct vf_err *err)
{
	const char *arg = argv[i], *eq;
	size_t len;

	*out = (struct option_arg){0};
	*used = 1;
	if (strncmp(arg, "--", 2) != 0)
		return VF_OK;
	arg += 2;
	eq = strchr(arg, '=');
	len = eq ? (size_t)(eq - arg) : strlen(arg);
	out->setting = find(arg, len);
	if (!out->setting && (len != 6 || strncmp(arg, "config", 6) != 0))
		return VF_OK; /* an option of a subcommand, which knows its own */
	out->is_option = true;
	if (eq) {
		out->value = eq + 1;
	} else if (out->setting && out->setting->kind == FLAG) {
		out->value = "yes";
	} else if (i + 1 < argc) {
		out->value = argv[i + 1];
		*used = 2;
	} else {
		return vf_fail(err, VF_E_INVALID, "option --%.60s needs a value", arg);
	}
	return VF_OK;
}

/* First for --config alone (files come before options), then for everything else. */
static enum vf_status walk_options(
	struct vf_config *c, int *argc, char **argv, bool files, struct vf_err *err)
{
	enum vf_status st = VF_OK;
	struct option_arg o;
	int kept = 1, used;

	for (int i = 1; !st && i < *argc; i += used) {
		st = one_option(*argc, argv, i, &o, &used, err);
		if (st)
			break;
		if (files) {
			if (o.is_option && !o.setting)
				st = read_file(c, o.value, err);
			continue;
		}
		if (o.is_option && o.setting)
			st = assign(c, o.setting, o.value, VF_FROM_OPTION, err);
		else if (!o.is_option)
			argv[kept++] = argv[i];
	}
	if (!files)
		*argc = kept;
	return st;
}

enum vf_status vf_config_load(struct vf_config *c, int *argc, char **argv, struct vf_err *err)
{
	const char *file = getenv("VERIFLEET_CONFIG");
	enum vf_status st = VF_OK;

	vf_config_defaults(c);
	if (file && *file)
		st = read_file(c, file, err);
	if (!st)
		st = walk_options(c, argc, argv, true, err);
	if (!st)
		st = read_environment(c, err);
	if (!st)
		st = walk_options(c, argc, argv, false, err);
	return st;
}

enum vf_status vf_config_reload(
	struct vf_config *c, const struct vf_config *old, struct vf_err *err)
{
	enum vf_status st = VF_OK;

	vf_config_defaults(c);
	if (*old->file)
		st = read_file(c, old->file, err);
	if (!st)
		st = read_environment(c, err);
	for (size_t i = 0; !st && i < VF_ARRAY_LEN(table); i++) {
		static const size_t size[] = {
			[TEXT] = VF_CONFIG_TEXT, [INT] = sizeof(int64_t), [FLAG] = sizeof(bool)};
		size_t at = table[i].offset;

		if (old->source[i] == VF_FROM_OPTION)
			memcpy((char *)c + at, (const char *)old + at, size[table[i].kind]);
	}
	return st ? st : vf_config_check(c, err);
}

/* ------------------------------------------------------------------ checks and printing */

bool vf_config_is_loopback(const char *address)
{
	struct in6_addr six;
	struct in_addr four;

	if (!strcmp(address, "localhost"))
		return true;
	if (inet_pton(AF_INET, address, &four) == 1)
		return ntohl(four.s_addr) >> 24 == 127;
	return inet_pton(AF_INET6, address, &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

enum vf_status vf_config_check(const struct vf_config *c, struct vf_err *err)
{
	static const char *const levels[] = {"error", "warn", "info", "debug"};
	const char *p = c->listen;
	bool level_known = false;
	char address[64];

	if (!*c->tls_cert != !*c->tls_key)
		return vf_fail(err, VF_E_INVALID, "tls_cert and tls_key go together: %s is missing",
			*c->tls_cert ? "tls_key" : "tls_cert");
	while (*p) {
		size_t len = strcspn(p, ",");

		if (len && len < sizeof address) {
			memcpy(address, p, len);
			address[len] = 0;
			if (!vf_config_is_loopback(address) && !*c->tls_cert && !c->insecure)
				return vf_fail(err, VF_E_DENIED,
					"refusing to listen on %s without TLS: give --tls-cert and "
					"--tls-key, "
					"or say --insecure when a proxy in front has TLS",
					address);
		}
		p += len + (p[len] == ',');
	}
	for (size_t i = 0; i < VF_ARRAY_LEN(levels); i++)
		level_known |= !strcmp(c->log_level, levels[i]);
	if (!level_known)
		return vf_fail(err, VF_E_INVALID, "log_level must be error, warn, info or debug");
	if (c->db_pool_size < c->workers + 2)
		return vf_fail(err, VF_E_INVALID,
			"db_pool_size must be at least workers + 2, which is %d",
			(int)c->workers + 2);
	return VF_OK;
}

void vf_config_print_help(FILE *out)
{
	char option[80];

	for (size_t i = 0; i < VF_ARRAY_LEN(table); i++) {
		const struct setting *s = &table[i];

		snprintf(option, sizeof option, "--%s%s", s->name,
			s->kind == FLAG  ? ""
			: s->kind == INT ? " N"
					 : " TEXT");
		for (char *p = option; *p; p++)
			if (*p == '_')
				*p = '-';
		fprintf(out, "  %-30s %s%s%s%s\n", option, s->help, *s->def ? " [" : "", s->def,
			*s->def ? "]" : "");
	}
	fprintf(out, "  %-30s %s\n", "--config FILE", "INI file with `name = value` lines");
	fputs("Each is also a variable, VERIFLEET_ and the name in capitals (VERIFLEET_PORT).\n",
		out);
}

void vf_config_print(const struct vf_config *c, FILE *out)
{
	fputs("[verifleetd]\n", out);
	for (size_t i = 0; i < VF_ARRAY_LEN(table); i++) {
		const struct setting *s = &table[i];
		const void *at = (const char *)c + s->offset;
		bool secret = !strcmp(s->name, "database_url");

		fprintf(out, "# %s (%s%s)\n%s = ", s->help, source_name[c->source[i]],
			s->reloadable ? ", reloadable" : "", s->name);
		switch (s->kind) {
		case TEXT:
			fprintf(out, "%s\n",
				secret && *(const char *)at ? "(set)" : (const char *)at);
			break;
		case INT: fprintf(out, "%lld\n", (long long)*(const int64_t *)at); break;
		case FLAG: fprintf(out, "%s\n", *(const bool *)at ? "yes" : "no"); break;
		}
	}
}
