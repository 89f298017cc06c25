#include "agent/sim/scenario.h"

#include <inttypes.h>

#define HOUR_US      INT64_C(3600000000)
#define NT_BASE      UINT64_C(0xfffff80326000000)
#define NETX_BASE    UINT64_C(0xfffff8034c200000)
#define NAME_AT      UINT64_C(0xffffc18f2a004100) /* where a parameter that is a text points */
#define NETX(offset) (NETX_BASE + (offset))
#define OTHER_BASE   UINT64_C(0xfffff8034d000000) /* another vendor's driver */

static const struct vf_scenario_build builds[VF_SCENARIO_BUILDS] = {
	{"main", "10.4.1", "4f1c9a02", 1, {0x6710a001, 0x5a000, 0x000612c1},
		{0x6710a0f1, 0x61000, 0x00064e15}},
	{"main", "10.4.2", "91b7d4e5", 2, {0x6711f102, 0x5a000, 0x00059d42},
		{0x6711f1f2, 0x61000, 0x0006a226}},
	{"main", "10.4.3", "c02e7718", 3, {0x67133d03, 0x5b000, 0x0006303b},
		{0x67133df3, 0x62000, 0x00061b37}},
	{"main", "10.4.4", "2ad95f60", 4, {0x67148904, 0x5c000, 0x0005c8f4},
		{0x671489f4, 0x63000, 0x0006d148}},
	{"main", "10.4.5", "e7730b9d", 5, {0x6715d505, 0x5c000, 0x00065e75},
		{0x6715d5f5, 0x63000, 0x00068259}},
	{"main", "10.4.6", "5b6628cf", 6, {0x67172106, 0x5d000, 0x0006047d},
		{0x671721f6, 0x64000, 0x00063f6a}},
	{"main", "10.4.7", "d81af3a4", 7, {0x67186d07, 0x5d000, 0x00062a97},
		{0x67186df7, 0x64000, 0x00066f7b}},
	{"main", "10.4.8", "0c95e1b6", 8, {0x6719b908, 0x5e000, 0x0005f1a8},
		{0x6719b9f8, 0x65000, 0x0006598c}},
};

static const struct {
	const char *stem, *os_name, *hypervisor;
	uint32_t os_build, ubr, cpus;
	uint64_t memory_gib;
	bool arm64;
} machines[] = {
	{"LAB-W10", "Windows 10 22H2", NULL, 19045, 5011, 8, 16, false},
	{"LAB-W11", "Windows 11 23H2", "Hyper-V", 22631, 4317, 4, 8, false},
	{"LAB-W11B", "Windows 11 24H2", NULL, 26100, 2033, 16, 32, false},
	{"LAB-SRV", "Windows Server 2022", "VMware", 20348, 2762, 8, 16, false},
	{"LAB-ARM", "Windows 11 24H2", NULL, 26100, 2033, 8, 16, true},
	{"LAB-W11C", "Windows 11 23H2", NULL, 22631, 4317, 12, 32, false},
};

enum who { NETX_IT_IS, ANOTHER, NOBODY };

/* What is wrong, in which builds (first to last, counted from 0), and how often a run meets it. */
static const struct fault {
	const char *word, *text; /* text: what parameter 2 points at */
	uint32_t code;
	uint64_t params[4];
	uint32_t offset; /* in the module to blame */
	enum who who;
	uint8_t first, last, percent;
	bool x64_only;
} faults[] = {
	{"paged pool touched at raised IRQL", NULL, 0xd1, {0x28, 2, 0, NETX(0x1a4c)}, 0x1a4c,
		NETX_IT_IS, 0, 7, 9, false},
	{"access violation in the send path", NULL, 0x7e,
		{0xffffffffc0000005, NETX(0x8f30), 0xffff8a0c3d4f7358, 0xffff8a0c3d4f6b90}, 0x8f30,
		NETX_IT_IS, 1, 3, 14, false},
	{"pool left behind at unload", VF_SCENARIO_DRIVER, 0xc4,
		{0x62, NAME_AT, 0xffffb98f1c6e2a10, 3}, 0x2210, NETX_IT_IS, 2, 5, 11, false},
	{"OID request never completed", "NdisOidComplete", 0xc4,
		{0x91001, NAME_AT, 0, 0xffffb98f2210a1a0}, 0xb7c4, NETX_IT_IS, 4, 7, 12, false},
	{"written behind a DMA buffer", NULL, 0xe6, {0x0f, 0x02, 0x5f2, 0xffffb98f1d2c7010}, 0x6a18,
		NETX_IT_IS, 3, 6, 8, true},
	{"device wrote outside its mapping", NULL, 0xe6, {0x26, 0xffffb98f1e0050c0, 0x1c, 0x3f1000},
		0x4e90, NETX_IT_IS, 5, 7, 7, true},
	{"power request not answered", NULL, 0x9f,
		{0x3, 0xffffb98f17b4a060, 0xfffff80329ab1780, 0xffffb98f2e6dca20}, 0xc3a0,
		NETX_IT_IS, 0, 7, 4, false},
	{"corrupt list in the receive queue", NULL, 0x139,
		{0x3, 0xfffff68ad3a4f120, 0xfffff68ad3a4f078, 0}, 0x9d74, NETX_IT_IS, 6, 7, 13,
		false},
	{"another vendor's filter faults", NULL, 0xd1, {0x10, 2, 1, OTHER_BASE + 0x3f08}, 0x3f08,
		ANOTHER, 0, 7, 5, false},
	{"memory management", NULL, 0x1a,
		{0x41201, 0xffffe681c8a3f010, 0x8a00000134c1e867, 0xffffb98f19d4c310}, 0, NOBODY, 0,
		7, 3, false},
};

/* Scrambles its argument: every bit of the result depends on every bit of it. */
static uint64_t mix(uint64_t x)
{
	x += UINT64_C(0x9e3779b97f4a7c15);
	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

static uint64_t draw(uint64_t *state, uint64_t below)
{
	*state = mix(*state);
	return *state % below;
}

const struct vf_scenario_build *vf_scenario_build(size_t i)
{
	return &builds[i % VF_SCENARIO_BUILDS];
}

void vf_scenario_machine(struct vf_scenario_machine *out, uint64_t seed, size_t i)
{
	size_t kind = i % VF_ARRAY_LEN(machines);
	uint64_t a = mix(seed * 1000 + i), b = mix(a);

	memset(out, 0, sizeof *out);
	snprintf(out->name, sizeof out->name, "%s-%02zu", machines[kind].stem,
		i / VF_ARRAY_LEN(machines) + 1);
	snprintf(out->smbios_uuid, sizeof out->smbios_uuid,
		"%08" PRIx32 "-%04x-4%03x-8%03x-%012" PRIx64, (uint32_t)a,
		(unsigned)(a >> 32) & 0xffff, (unsigned)(a >> 48) & 0xfff, (unsigned)b & 0xfff,
		b >> 16);
	out->arm64 = machines[kind].arm64;
	out->env = (struct vf_wire_env){
		.os_name = machines[kind].os_name,
		.os_build = machines[kind].os_build,
		.ubr = machines[kind].ubr,
		.arch = out->arm64 ? "arm64" : "x64",
		.hypervisor = machines[kind].hypervisor,
		.cpus = machines[kind].cpus,
		.memory_bytes = machines[kind].memory_gib << 30,
	};
}

static void draw_crash(struct vf_scenario_run *r, bool arm64, uint64_t *rng)
{
	uint64_t dice = draw(rng, 100), sum = 0;

	for (size_t i = 0; i < VF_ARRAY_LEN(faults); i++) {
		const struct fault *f = &faults[i];

		if (r->build < f->first || r->build > f->last || (arm64 && f->x64_only))
			continue;
		sum += f->percent;
		if (dice >= sum)
			continue;
		r->fault = i;
		r->crash.fault = f->word;
		break;
	}
	dice = draw(rng, 10);
	/* A leak at unload and a rule say their text only in a dump. */
	r->crash.evidence = dice < 8 || faults[r->fault].text ? VF_EVIDENCE_BOTH
			    : dice == 8                       ? VF_EVIDENCE_DUMP
							      : VF_EVIDENCE_EVENT;
	r->crash.after_us = r->lasts_us / 8 + (int64_t)draw(rng, (uint64_t)r->lasts_us / 2);
	if (r->crash.fault && faults[r->fault].who == NOBODY) {
		r->crash.outside = true;
		r->crash.after_us = r->lasts_us;
	}
	r->crash.uptime_100ns = (uint64_t)r->crash.after_us * 10 + 1200000000 + draw(rng, 90000000);
}

void vf_scenario_run(struct vf_scenario_run *out, uint64_t seed, size_t machine, uint64_t n)
{
	uint64_t rng = mix(mix(seed) ^ mix(machine * 7919 + 13) ^ mix(n * 104729 + 7));
	bool arm64 = machines[machine % VF_ARRAY_LEN(machines)].arm64;
	bool past = n < VF_SCENARIO_HISTORY;
	uint64_t step_us = (uint64_t)VF_SCENARIO_DAYS * 24 * HOUR_US / VF_SCENARIO_HISTORY;

	memset(out, 0, sizeof *out);
	snprintf(out->id, sizeof out->id, "lab-%" PRIu64 "-%zu-%" PRIu64, seed, machine + 1, n + 1);
	/* In the past the builds come one after the other; then the newest is tested, and sometimes
	 * the one before it again. */
	out->build = past ? (size_t)(n * VF_SCENARIO_BUILDS / VF_SCENARIO_HISTORY)
			  : VF_SCENARIO_BUILDS - 1 - (draw(&rng, 4) == 0);
	out->lasts_us = HOUR_US + (int64_t)draw(&rng, 5 * HOUR_US);
	if (past)
		out->begins_us = (int64_t)(n * step_us + draw(&rng, step_us / 3));
	out->random = draw(&rng, UINT64_MAX);
	draw_crash(out, arm64, &rng);
}

void vf_scenario_bugcheck(const struct vf_scenario_run *r, const struct vf_scenario_machine *m,
	uint32_t *code, uint64_t params[4])
{
	const struct fault *f = &faults[r->fault];

	(void)m;
	*code = f->code;
	memcpy(params, f->params, 4 * sizeof *params);
	/* Pool addresses differ from crash to crash; what names code, text or a reason does not. */
	for (size_t i = 1; i < 4; i++)
		if (params[i] >> 40 == 0xffffb9 || params[i] >> 40 == 0xffffe6)
			params[i] += r->random % 0x100000 & ~UINT64_C(15);
}

/* Modules that every Windows has, where they might lie, and how large they might be. */
static const struct {
	const char *path;
	uint32_t offset, size;
} windows[] = {
	{"\\SystemRoot\\system32\\ntoskrnl.exe", 0, 0x1047000},
	{"\\SystemRoot\\system32\\hal.dll", 0x1100000, 0x6000},
	{"\\SystemRoot\\System32\\drivers\\CLFS.SYS", 0x1200000, 0x6a000},
	{"\\SystemRoot\\System32\\drivers\\tm.sys", 0x1270000, 0x27000},
	{"\\SystemRoot\\System32\\drivers\\FLTMGR.SYS", 0x12a0000, 0x72000},
	{"\\SystemRoot\\System32\\drivers\\ksecdd.sys", 0x1320000, 0x2a000},
	{"\\SystemRoot\\System32\\drivers\\Wdf01000.sys", 0x1350000, 0xd3000},
	{"\\SystemRoot\\System32\\drivers\\WDFLDR.SYS", 0x1430000, 0x13000},
	{"\\SystemRoot\\System32\\drivers\\ACPI.sys", 0x1450000, 0xcc000},
	{"\\SystemRoot\\System32\\drivers\\pci.sys", 0x1520000, 0x76000},
	{"\\SystemRoot\\System32\\drivers\\partmgr.sys", 0x15a0000, 0x2f000},
	{"\\SystemRoot\\System32\\drivers\\volmgr.sys", 0x15d0000, 0x1a000},
	{"\\SystemRoot\\System32\\drivers\\storport.sys", 0x15f0000, 0xb0000},
	{"\\SystemRoot\\System32\\drivers\\stornvme.sys", 0x16a0000, 0x31000},
	{"\\SystemRoot\\System32\\drivers\\Ntfs.sys", 0x16e0000, 0x2d9000},
	{"\\SystemRoot\\System32\\drivers\\ndis.sys", 0x19c0000, 0x16f000},
	{"\\SystemRoot\\System32\\drivers\\NETIO.SYS", 0x1b30000, 0x98000},
	{"\\SystemRoot\\System32\\drivers\\tcpip.sys", 0x1bd0000, 0x2ec000},
	{"\\SystemRoot\\System32\\drivers\\fwpkclnt.sys", 0x1ec0000, 0x7a000},
	{"\\SystemRoot\\System32\\drivers\\afd.sys", 0x1f40000, 0xa6000},
	{"\\SystemRoot\\System32\\drivers\\VerifierExt.sys", 0x1ff0000, 0x7d000},
	{"\\SystemRoot\\System32\\drivers\\mouclass.sys", 0x2070000, 0x14000},
	{"\\SystemRoot\\System32\\drivers\\kbdclass.sys", 0x2090000, 0x14000},
	{"\\SystemRoot\\System32\\drivers\\USBXHCI.SYS", 0x20b0000, 0x9f000},
};

enum { WINDOWS = sizeof windows / sizeof windows[0], STACK = 40 };

static size_t fill_drivers(struct vf_sim_driver *d, const struct vf_scenario_run *r,
	const struct vf_scenario_machine *m)
{
	const struct vf_scenario_build *b = &builds[r->build];
	const struct vf_scenario_image *image = m->arm64 ? &b->arm64 : &b->x64;
	size_t n = 0;

	for (; n < WINDOWS; n++)
		d[n] = (struct vf_sim_driver){windows[n].path, NT_BASE + windows[n].offset,
			windows[n].size, (uint32_t)mix(m->env.os_build * 1000 + n),
			(uint32_t)mix(n) & 0xfffff};
	d[n++] = (struct vf_sim_driver){"\\SystemRoot\\System32\\drivers\\vfltx.sys", OTHER_BASE,
		0x1d000, 0x65f2c1d0, 0x1f2e4};
	/* Nobody loads it where it is not the driver under test's fault at all. */
	if (faults[r->fault].who != NOBODY)
		d[n++] = (struct vf_sim_driver){
			"\\SystemRoot\\System32\\drivers\\" VF_SCENARIO_DRIVER, NETX_BASE,
			image->size, image->timestamp, image->checksum};
	return n;
}

/* Return addresses as a scan of a real stack would find them, the one to blame among them. */
static size_t fill_stack(uint64_t *words, const struct vf_scenario_run *r)
{
	const struct fault *f = &faults[r->fault];
	uint64_t rng = r->random;
	size_t n = 0;

	words[n++] = NT_BASE + 0x3f7a12;
	words[n++] = draw(&rng, 0xffff);
	words[n++] = NT_BASE + 0x40b1e9;
	if (f->who == NETX_IT_IS)
		words[n++] = NETX_BASE + f->offset;
	else if (f->who == ANOTHER)
		words[n++] = OTHER_BASE + f->offset;
	while (n < STACK) {
		words[n] = draw(&rng, 0x10000);
		/* Behind the culprit: the kernel, and whatever called it. */
		if (n % 5 == 2 && f->who != NOBODY)
			words[n] =
				NT_BASE + 0x19c0000 + 0x8000 + draw(&rng, 0x100000); /* ndis.sys */
		else if (n % 3 == 1)
			words[n] = NT_BASE + 0x200000 + draw(&rng, 0x500000);
		n++;
	}
	return n;
}

enum vf_status vf_scenario_dump(const struct vf_scenario_run *r,
	const struct vf_scenario_machine *m, int64_t at_us, const char *path, struct vf_err *err)
{
	const struct fault *f = &faults[r->fault];
	struct vf_sim_driver drivers[WINDOWS + 2];
	uint64_t stack[STACK];
	char text[64] = "", lab[64];
	struct vf_sim_block block = {NAME_AT, text, sizeof text};
	struct vf_sim_unloaded unloaded[] = {
		{"dump_stornvm", NT_BASE + 0x3000000, NT_BASE + 0x3031000},
		{"dump_dumpfve", NT_BASE + 0x3040000, NT_BASE + 0x305d000},
	};
	struct vf_sim_dump_spec spec = {
		.shape = VF_SIM_TRIAGE,
		.arch = m->arm64 ? VF_SIM_ARM64 : VF_SIM_X64,
		.os_build = m->env.os_build,
		.build_lab = lab,
		.cpus = m->env.cpus,
		.system_time_us = at_us,
		.uptime_100ns = r->crash.uptime_100ns,
		.comment = "simulated lab",
		.pc = NT_BASE + 0x3f5a90,
		.stack = stack,
		.drivers = drivers,
		.unloaded = unloaded,
		.unloaded_count = VF_ARRAY_LEN(unloaded),
		.blocks = &block,
		.block_count = f->text ? 1 : 0,
	};

	snprintf(lab, sizeof lab, "%" PRIu32 ".1.%sfre.sim_lab", m->env.os_build,
		m->arm64 ? "arm64" : "amd64");
	if (f->text)
		snprintf(text, sizeof text, "%s", f->text);
	vf_scenario_bugcheck(r, m, &spec.code, spec.params);
	spec.driver_count = fill_drivers(drivers, r, m);
	spec.stack_count = fill_stack(stack, r);
	return vf_sim_dump_write(&spec, path, err);
}
