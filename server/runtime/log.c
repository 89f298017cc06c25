#include "server/runtime/log.h"

#include <stdarg.h>
#include <unistd.h>

#include "server/runtime/clock.h"

#define LINE_MAX_BYTES 2048u

/* Atomic, because the level may change while others write. */
static _Atomic int shown = VF_LOG_INFO;
static _Atomic bool under_systemd;
static __thread const char *request_id;

void vf_log_init(enum vf_log_level level)
{
	shown = (int)level;
	under_systemd = getenv("JOURNAL_STREAM") != NULL;
}

void vf_log_request(const char *id)
{
	request_id = id;
}

const char *vf_log_request_id(void)
{
	return request_id;
}

struct line {
	char text[LINE_MAX_BYTES];
	size_t len;
};

static void put(struct line *l, char c)
{
	if (l->len < sizeof l->text - 1) /* one byte stays for the newline */
		l->text[l->len++] = c;
}

static bool plain(const char *value)
{
	if (!*value)
		return false;
	for (const unsigned char *p = (const unsigned char *)value; *p; p++)
		if (*p <= ' ' || *p == '"' || *p == '=' || *p == '\\' || *p >= 0x7f)
			return false;
	return true;
}

/* Control characters are escaped, so that nothing from outside can forge a line. */
static void put_value(struct line *l, const char *value)
{
	static const char digit[] = "0123456789abcdef";

	if (plain(value)) {
		while (*value)
			put(l, *value++);
		return;
	}
	put(l, '"');
	for (const unsigned char *p = (const unsigned char *)value; *p; p++) {
		if (*p == '"' || *p == '\\') {
			put(l, '\\');
			put(l, (char)*p);
		} else if (*p < ' ' || *p == 0x7f) {
			put(l, '\\');
			put(l, 'x');
			put(l, digit[*p >> 4]);
			put(l, digit[*p & 15]);
		} else {
			put(l, (char)*p);
		}
	}
	put(l, '"');
}

static void put_field(struct line *l, const char *key, const char *value)
{
	if (!value)
		return;
	if (l->len && l->text[l->len - 1] != '>')
		put(l, ' ');
	while (*key)
		put(l, *key++);
	put(l, '=');
	put_value(l, value);
}

static void begin(struct line *l, enum vf_log_level level, const char *at)
{
	static const char *const name[] = {"error", "warn", "info", "debug"};
	static const char *const prefix[] = {"<3>", "<4>", "<6>", "<7>"};
	char now[32];

	l->len = 0;
	if (under_systemd) {
		for (const char *p = prefix[level]; *p; p++)
			put(l, *p);
	} else {
		vf_time_text(vf_now_us(), now);
		put_field(l, "t", now);
	}
	put_field(l, "lvl", name[level]);
	put_field(l, "at", at);
	put_field(l, "req", request_id);
}

static void finish(struct line *l)
{
	ssize_t n;

	l->text[l->len++] = '\n';
	n = write(STDERR_FILENO, l->text, l->len);
	(void)n; /* nowhere left to report it */
}

void vf_log(enum vf_log_level level, const char *at, const char *fmt, ...)
{
	char msg[1024];
	struct line l;
	va_list ap;

	if ((int)level > shown)
		return;
	va_start(ap, fmt);
	vsnprintf(msg, sizeof msg, fmt, ap);
	va_end(ap);
	begin(&l, level, at);
	put_field(&l, "msg", msg);
	finish(&l);
}

void vf_log_fields(
	enum vf_log_level level, const char *at, const struct vf_log_field *field, size_t n)
{
	struct line l;

	if ((int)level > shown)
		return;
	begin(&l, level, at);
	for (size_t i = 0; i < n; i++)
		put_field(&l, field[i].key, field[i].value);
	finish(&l);
}

void vf_say(const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	fprintf(stderr, "verifleetd: %s\n", text);
}
