#include "agent/posix/posix.h"

#include <sys/utsname.h>
#include <unistd.h>

/* First line of a small file, without its newline; "" when it cannot be read. */
static void first_line(const char *path, char *out, size_t size)
{
	FILE *f = fopen(path, "re");

	out[0] = 0;
	if (!f)
		return;
	if (fgets(out, (int)size, f))
		out[strcspn(out, "\r\n")] = 0;
	else
		out[0] = 0;
	fclose(f);
}

static void os_name(char *out, size_t size)
{
	char line[256];
	FILE *f = fopen("/etc/os-release", "re");

	snprintf(out, size, "Linux");
	while (f && fgets(line, sizeof line, f)) {
		if (strncmp(line, "PRETTY_NAME=", 12) != 0)
			continue;
		line[strcspn(line, "\r\n")] = 0;
		snprintf(out, size, "%.*s", (int)strcspn(line + 13, "\""), line + 13);
	}
	if (f)
		fclose(f);
}

static const char *arch_word(const char *machine)
{
	static const char *const words[][2] = {
		{"x86_64", "x64"}, {"aarch64", "arm64"}, {"i686", "x86"}};

	for (size_t i = 0; i < VF_ARRAY_LEN(words); i++)
		if (!strcmp(machine, words[i][0]))
			return words[i][1];
	return "other";
}

void vf_posix_machine(struct vf_posix_machine *out)
{
	long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	char id[64];
	struct vf_clock clock;
	struct utsname u;

	memset(out, 0, sizeof *out);
	vf_posix_clock(&clock);
	first_line("/proc/sys/kernel/random/boot_id", out->boot_marker, sizeof out->boot_marker);
	first_line("/sys/class/dmi/id/product_uuid", out->smbios_uuid, sizeof out->smbios_uuid);
	first_line("/etc/machine-id", id, sizeof id);
	if (strlen(id) == 32)
		snprintf(out->machine_guid, sizeof out->machine_guid, "%.8s-%.4s-%.4s-%.4s-%.12s",
			id, id + 8, id + 12, id + 16, id + 20);
	os_name(out->os_name, sizeof out->os_name);
	snprintf(
		out->arch, sizeof out->arch, "%s", uname(&u) == 0 ? arch_word(u.machine) : "other");
	out->cpus = cpus > 0 ? (uint32_t)cpus : 1;
	out->memory_bytes = pages > 0 && page > 0 ? (uint64_t)pages * (uint64_t)page : 0;
	out->booted_at_us = clock.wall_us(clock.ctx) - clock.mono_us(clock.ctx);
	if (gethostname(out->host_name, sizeof out->host_name - 1))
		snprintf(out->host_name, sizeof out->host_name, "machine");
}
