/* The agent's end: one batch with a record of every kind, as gzip on standard output. */
#include <stdio.h>

#include "agent/wire/batch.h"
#include "agent/wire/encode.h"
#include "verifleet/version.h"
#include "verifleet/wire.h"

#define AT    INT64_C(1795293662123456) /* 2026-11-21T20:41:02.123456Z */
#define BOOT  "00000009-0000-4000-8000-000000000000"
#define CRASH "00000008-0000-4000-8000-000000000000"

static struct vf_spool_batch batch;

static void must(bool ok)
{
	if (!ok)
		exit(3);
}

/* What the encoder appended since `from` is one record. */
static void add(enum vf_record_kind kind, size_t from)
{
	struct vf_spool_item *item = &batch.items[batch.count++];

	*item = (struct vf_spool_item){.seq = 100 + batch.count,
		.last = 100 + batch.count,
		.kind = kind,
		.offset = from,
		.len = batch.text.len - from};
}

static void boot(void)
{
	struct vf_wire_env env = {.os_name = "Windows 11 24H2",
		.os_build = 26100,
		.ubr = 1742,
		.arch = "x64",
		.cpus = 8,
		.memory_bytes = UINT64_C(17179869184)};
	struct vf_wire_boot b = {.boot_uuid = BOOT,
		.ordinal = 12,
		.started_at_us = AT,
		.env = &env,
		.previous_uuid = CRASH,
		.previous_end = "bugcheck"};
	size_t from = batch.text.len;

	must(vf_encode_boot(&batch.text, AT, &b) == VF_OK);
	add(VF_RECORD_BOOT, from);
}

static void runs(void)
{
	struct vf_event e = {.kind = VF_EVENT_RUN_START, .at_us = AT};
	size_t from = batch.text.len;

	snprintf(e.run.id, sizeof e.run.id, "ci-4711");
	snprintf(e.run.driver, sizeof e.run.driver, "netx.sys");
	e.run.seq = 7;
	e.images = json_pack("[{s:s, s:s, s:i, s:n}]", "name", "netx.sys", "timestamp",
		"0x5f000001", "size", 36864, "checksum");
	must(vf_encode_run(&batch.text, &e, BOOT) == VF_OK);
	add(VF_RECORD_RUN_START, from);
	json_decref(e.images);
	e.images = NULL;
	from = batch.text.len;
	e.kind = VF_EVENT_RUN_END;
	snprintf(e.run.outcome, sizeof e.run.outcome, "aborted");
	must(vf_encode_run(&batch.text, &e, BOOT) == VF_OK);
	add(VF_RECORD_RUN_END, from);
}

/* parts: 1 the dump, 2 the event, 3 both, 4 a dump that cannot be decoded beside its event. */
static void crash(int parts)
{
	static char decoded[] = "{\"format\":\"triage64\",\"arch\":\"x64\",\"os_build\":26100,"
				"\"build_lab\":null,\"cpus\":8,"
				"\"system_time\":\"2026-11-21T20:00:00.000001Z\",\"uptime_"
				"seconds\":3.7470697,\"bugcheck\":{"
				"\"code\":\"0x0000007e\",\"raw_code\":\"0x1000007e\",\"name\":"
				"\"X\",\"parameters\":["
				"\"0xffffffffc0000005\",\"0xfffff8048b58334c\","
				"\"0x0000000000000000\",\"0x0000000000000000\"]},"
				"\"culprit\":{\"module\":\"netx.sys\",\"offset\":\"0x334c\","
				"\"reason\":\"context\"},\"context\":null,"
				"\"drivers\":[{\"name\":\"netx.sys\",\"path\":null,\"base\":"
				"\"0xfffff8048b580000\",\"size\":36864,"
				"\"timestamp\":\"0x5f000001\",\"checksum\":\"0x00000000\"}],"
				"\"unloaded\":[],\"stack\":[],"
				"\"secondary\":[],\"warnings\":[]}";
	struct vf_crash c = {.code = 0x7e,
		.raw_code = 0x1000007e,
		.params = {UINT64_C(0xffffffffc0000005), UINT64_C(0xfffff8048b58334c)},
		.at_us = AT,
		.has_dump = parts != 2,
		.has_event = parts != 1};
	size_t from = batch.text.len;

	memset(c.dump.sha256, 'a', 64);
	c.dump.size = 1444532;
	snprintf(c.dump.file_name, sizeof c.dump.file_name, "112126-1234-01.dmp");
	c.dump.decoded = parts == 4 ? NULL : decoded;
	c.event = (struct vf_crash_event){.at_us = AT, .event_id = 1001, .record_id = 77};
	must(vf_encode_bugcheck(&batch.text, &c, BOOT, parts == 2 ? NULL : CRASH,
		     parts == 3 ? "ci-4711" : NULL) == VF_OK);
	add(VF_RECORD_BUGCHECK, from);
}

static void incident(void)
{
	json_t *detail = json_pack("{s:s, s:i}", "text", "the clock went back", "seconds", 61);
	size_t from = batch.text.len;

	must(vf_encode_incident(&batch.text, AT, BOOT, "clock_step", detail) == VF_OK);
	add(VF_RECORD_INCIDENT, from);
	json_decref(detail);
}

int main(void)
{
	struct vf_wire_header header = {AT, 5000000, BOOT};
	struct vf_buf body, gzip;

	vf_spool_batch_init(&batch, VF_WIRE_PLAIN_MAX);
	memset(batch.stream, 0xab, sizeof batch.stream);
	batch.lane = VF_LANE_CRITICAL;
	boot();
	runs();
	for (int parts = 1; parts <= 4; parts++)
		crash(parts);
	incident();
	batch.items[batch.count] = (struct vf_spool_item){
		.seq = 101 + batch.count, .last = 140, .kind = VF_RECORD_GAP, .dropped = true};
	batch.count++;
	vf_buf_init(&body, VF_WIRE_PLAIN_MAX);
	vf_buf_init(&gzip, VF_WIRE_BODY_MAX);
	must(vf_wire_batch(&body, &batch, &header, NULL) == VF_OK);
	must(vf_wire_gzip(&gzip, body.data, body.len, NULL) == VF_OK);
	must(fwrite(gzip.data, 1, gzip.len, stdout) == gzip.len);
	vf_buf_release(&gzip);
	vf_buf_release(&body);
	vf_spool_batch_release(&batch);
	return 0;
}
