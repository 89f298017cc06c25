#include "tests/db/batch.h"

#include <stdarg.h>

#include "server/runtime/hex.h"

vf_handler vf_api_ingest;

void batch_init(struct batch *b, const char *stream_hex, uint64_t first)
{
	memset(b, 0, sizeof *b);
	vf_buf_init(&b->lines, 16 << 20);
	b->lane = "critical";
	b->first = b->next = first;
	if (!vf_unhex(stream_hex, strlen(stream_hex), b->stream, sizeof b->stream))
		exit(3);
}

void batch_release(struct batch *b)
{
	vf_buf_release(&b->lines);
}

void batch_line(struct batch *b, const char *fmt, ...)
{
	char line[65536];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	vf_buf_printf(&b->lines, "%s\n", line);
	b->next++;
	b->count++;
}

void batch_bug(struct batch *b, const struct bug *bug)
{
	const char *culprit = bug->culprit ? bug->culprit : "netx.sys";
	unsigned code = bug->code ? bug->code : 0xd1;
	char parameters[128], dump[4096] = "null", boot[64] = "null", run[64] = "null";

	snprintf(parameters, sizeof parameters,
		"[\"0x%016x\",\"0x0000000000000002\",\"0x0000000000000000\","
		"\"0xfffff80412345678\"]",
		bug->p1);
	if (bug->sha)
		snprintf(dump, sizeof dump,
			"{\"sha256\":\"%s\",\"size\":1000,\"file_name\":\"a.dmp\",\"decoder\":1,"
			"\"decoded\":{\"format\":\"triage64\",\"arch\":\"x64\",\"os_build\":26100,"
			"\"uptime_seconds\":3.7470697,\"bugcheck\":{\"code\":\"0x%08x\",\"raw_"
			"code\":"
			"\"0x%08x\",\"parameters\":%s},\"culprit\":{\"module\":\"%s\",\"offset\":"
			"\"0x%x\",\"reason\":\"pc\"},\"drivers\":%s}}",
			bug->sha, code, code, parameters, culprit, bug->offset,
			bug->drivers ? bug->drivers : "[]");
	if (bug->boot)
		snprintf(boot, sizeof boot, "\"%s\"", bug->boot);
	if (bug->run)
		snprintf(run, sizeof run, "\"%s\"", bug->run);
	batch_line(b,
		"{\"seq\":%llu,\"kind\":\"bugcheck\",\"at\":\"%s\",\"boot_uuid\":null,\"source\":"
		"\"%s\",\"crash_boot_uuid\":%s,\"code\":\"0x%08x\",\"raw_code\":\"0x%08x\","
		"\"parameters\":%s,\"report\":%s,\"dump\":%s,\"run\":%s}",
		(unsigned long long)b->next, bug->at ? bug->at : "2026-11-20T10:00:00.000001Z",
		bug->source ? bug->source
		: bug->sha  ? "dump"
			    : "eventlog",
		boot, code, code, parameters, bug->report ? bug->report : "null", dump, run);
}

void batch_gap(struct batch *b, uint64_t last)
{
	batch_line(b,
		"{\"seq\":%llu,\"kind\":\"gap\",\"at\":\"2026-11-20T10:00:00Z\",\"last\":%llu,"
		"\"reason\":\"damaged\",\"lane\":\"critical\"}",
		(unsigned long long)b->next, (unsigned long long)last);
	b->next = last + 1;
}

struct answer batch_send_on(
	struct fixture *f, struct vf_db *db, const struct sender *from, const struct batch *b)
{
	struct call c = {.handler = vf_api_ingest,
		.method = VF_POST,
		.from = from,
		.content_type = "application/x-ndjson",
		.db = db};
	char stream[33], header[256];
	struct vf_buf body;
	struct answer a;

	vf_hex(b->stream, sizeof b->stream, stream);
	snprintf(header, sizeof header,
		"{\"v\":1,\"stream\":\"%s\",\"lane\":\"%s\",\"first_seq\":%llu,\"count\":%u,"
		"\"sent_at\":\"2026-11-21T20:00:00Z\",\"uptime_us\":5,\"boot_uuid\":null}\n",
		stream, b->lane, (unsigned long long)b->first, b->count);
	vf_buf_init(&body, 16 << 20);
	vf_buf_puts(&body, header);
	vf_buf_add(&body, b->lines.data, b->lines.len);
	c.body = body.data;
	c.body_len = body.len;
	a = call(f, &c);
	vf_buf_release(&body);
	return a;
}

struct answer batch_send(struct fixture *f, const struct sender *from, const struct batch *b)
{
	return batch_send_on(f, NULL, from, b);
}
