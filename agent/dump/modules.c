/* Loaded and unloaded drivers of a triage dump, and which of them an address lies in. */
#include "agent/dump/parse.h"

#include <stdlib.h>
#include <string.h>

#include "agent/dump/text.h"

enum {
	IMAGE_MOST = 0x20000000, /* a larger driver image is damage; it would claim every address */
	DRIVER_64 = 0x90,
	DRIVER_32 = 0x4c,
	UNLOADED_64 = 0x38,
	UNLOADED_32 = 0x28,
	UNLOADED_UNITS = 12,
};

/*
 * How many entries of `size` bytes a list at `at` really has: as many as it claims, the file holds
 * and the limit allows. What is left out is said, and a list inside the headers is refused.
 */
static size_t list_length(struct vf_parse *p, uint64_t at, uint64_t claimed, size_t size,
	size_t limit, const char *what)
{
	uint64_t first = p->word == 8 ? VF_HEADER_64 + 0x80 : VF_HEADER_32 + 0x68;
	uint64_t fits;

	if (!claimed)
		return 0;
	if (at < first || at > p->reader.source->size) {
		vf_dump_warn(p, "the list of %s lies outside the file's data", what);
		return 0;
	}
	fits = (p->reader.source->size - at) / size;
	if (claimed <= fits && claimed <= limit)
		return (size_t)claimed;
	if (fits > limit)
		fits = limit;
	vf_dump_warn(p, "%llu %s are claimed, %llu are read", (unsigned long long)claimed, what,
		(unsigned long long)(claimed < fits ? claimed : fits));
	return (size_t)(claimed < fits ? claimed : fits);
}

char *vf_pool_string(struct vf_parse *p, uint64_t at, bool *nomem)
{
	uint64_t size = p->reader.source->size, first = p->word == 8 ? VF_HEADER_64 : VF_HEADER_32;
	uint8_t raw[2 * VF_DUMP_NAME_UNITS];
	char *text;
	uint32_t units;

	*nomem = false;
	if (at < first || !vf_reader_u32(&p->reader, at, &units) || !units)
		return NULL;
	if (units > VF_DUMP_NAME_UNITS)
		units = VF_DUMP_NAME_UNITS;
	if (units > (size - at - 4) / 2)
		units = (uint32_t)((size - at - 4) / 2);
	if (!vf_reader_get(&p->reader, at + 4, raw, 2 * (size_t)units))
		return NULL;
	text = malloc(3 * (size_t)units + 1);
	if (!text) {
		*nomem = true;
		return NULL;
	}
	if (!vf_text_utf16(raw, units, text, 3 * (size_t)units + 1)) {
		free(text);
		return NULL;
	}
	return text;
}

static void read_driver(struct vf_parse *p, const uint8_t *raw, struct vf_dump_driver *driver)
{
	if (p->word == 8) {
		driver->base = vf_le64(raw + 0x38);
		driver->size = vf_le32(raw + 0x48);
		driver->checksum = vf_le32(raw + 0x80);
		driver->timestamp = vf_le32(raw + 0x88);
	} else {
		driver->base = vf_le32(raw + 0x1c);
		driver->size = vf_le32(raw + 0x24);
		driver->checksum = vf_le32(raw + 0x44);
		driver->timestamp = vf_le32(raw + 0x48);
	}
}

static bool is_kernel_address(const struct vf_parse *p, uint64_t address)
{
	return address >> (p->word == 8 ? 63 : 31);
}

/* A range that can name addresses: in kernel space, of a believable size, not wrapping. */
static bool usable(const struct vf_parse *p, uint64_t base, uint64_t size)
{
	uint64_t end;

	return is_kernel_address(p, base) && size && size <= IMAGE_MOST &&
	       !__builtin_add_overflow(base, size, &end);
}

static int by_base(const void *a, const void *b)
{
	const struct vf_module_range *x = a, *y = b;

	if (x->base != y->base)
		return x->base < y->base ? -1 : 1;
	return x->driver < y->driver ? -1 : x->driver > y->driver;
}

static bool sort_ranges(struct vf_parse *p)
{
	const struct vf_dump *d = p->dump;

	p->ranges = calloc(d->driver_count, sizeof *p->ranges);
	if (!p->ranges)
		return false;
	for (size_t i = 0; i < d->driver_count; i++)
		if (usable(p, d->drivers[i].base, d->drivers[i].size))
			p->ranges[p->range_count++] = (struct vf_module_range){
				d->drivers[i].base, d->drivers[i].base + d->drivers[i].size, i};
	qsort(p->ranges, p->range_count, sizeof *p->ranges, by_base);
	if (p->range_count < d->driver_count)
		vf_dump_warn(p, "%zu drivers have no valid address range",
			d->driver_count - p->range_count);
	return true;
}

bool vf_parse_drivers(struct vf_parse *p)
{
	struct vf_dump *d = p->dump;
	uint64_t at = p->triage.drivers_offset;
	size_t entry = p->word == 8 ? DRIVER_64 : DRIVER_32, nameless = 0, empty = 0;
	size_t count =
		list_length(p, at, p->triage.driver_count, entry, VF_DUMP_DRIVERS, "drivers");
	uint8_t raw[DRIVER_64];
	bool nomem = false;

	if (!count)
		return true;
	d->drivers = calloc(count, sizeof *d->drivers);
	if (!d->drivers)
		return false;
	for (size_t i = 0; i < count; i++) {
		struct vf_dump_driver *driver = &d->drivers[d->driver_count];

		if (!vf_reader_get(&p->reader, at + i * entry, raw, entry))
			break;
		read_driver(p, raw, driver);
		driver->path = vf_pool_string(p, vf_le32(raw), &nomem);
		if (nomem)
			return false;
		/* A hole in the list: an entry that was never filled. */
		if (!driver->path && !driver->base && !driver->size) {
			empty++;
			continue;
		}
		driver->name = driver->path ? vf_text_base_name(driver->path) : NULL;
		nameless += !driver->path;
		d->driver_count++;
	}
	if (empty)
		vf_dump_warn(p, "%zu entries of the list of drivers are empty", empty);
	if (nameless)
		vf_dump_warn(p, "%zu drivers have no readable name", nameless);
	return !d->driver_count || sort_ranges(p);
}

bool vf_parse_unloaded(struct vf_parse *p)
{
	struct vf_dump *d = p->dump;
	size_t entry = p->word == 8 ? UNLOADED_64 : UNLOADED_32, count;
	size_t name = p->word == 8 ? 0x10 : 0x08, start = p->word == 8 ? 0x28 : 0x20;
	uint64_t at = p->triage.unloaded_offset;
	uint32_t claimed;
	uint8_t raw[UNLOADED_64];

	if (!at)
		return true;
	if (!vf_reader_u32(&p->reader, at, &claimed)) {
		vf_dump_warn(p, "the list of unloaded drivers lies outside the file");
		return true;
	}
	at += p->word == 8 ? 8 : 4;
	count = list_length(p, at, claimed, entry, VF_DUMP_UNLOADED, "unloaded drivers");
	if (!count)
		return true;
	d->unloaded = calloc(count, sizeof *d->unloaded);
	if (!d->unloaded)
		return false;
	for (size_t i = 0; i < count; i++) {
		struct vf_dump_unloaded *u = &d->unloaded[d->unloaded_count];
		size_t units;

		if (!vf_reader_get(&p->reader, at + i * entry, raw, entry))
			break;
		units = vf_le16(raw) / 2;
		if (units > UNLOADED_UNITS || !units)
			units = UNLOADED_UNITS;
		(void)vf_text_utf16(raw + name, units, u->name, sizeof u->name);
		u->start = vf_le_word(raw + start, p->word);
		u->end = vf_le_word(raw + start + p->word, p->word);
		if (u->start || u->end || u->name[0])
			d->unloaded_count++;
	}
	return true;
}

static bool loaded_at(const struct vf_parse *p, uint64_t address, struct vf_dump_place *place)
{
	size_t low = 0, high = p->range_count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (p->ranges[mid].base <= address)
			low = mid + 1;
		else
			high = mid;
	}
	if (!low || address >= p->ranges[low - 1].end)
		return false;
	place->driver = &p->dump->drivers[p->ranges[low - 1].driver];
	place->module = place->driver->name;
	place->offset = address - place->driver->base;
	return true;
}

static bool unloaded_at(const struct vf_parse *p, uint64_t address, struct vf_dump_place *place)
{
	const struct vf_dump *d = p->dump;

	if (!is_kernel_address(p, address))
		return false;
	for (size_t i = 0; i < d->unloaded_count; i++) {
		const struct vf_dump_unloaded *u = &d->unloaded[i];

		if (address < u->start || address >= u->end ||
			!usable(p, u->start, u->end - u->start))
			continue;
		place->driver = NULL;
		place->module = u->name[0] ? u->name : NULL;
		place->offset = address - u->start;
		return true;
	}
	return false;
}

bool vf_module_at(const struct vf_parse *p, uint64_t address, struct vf_dump_place *place)
{
	const uint64_t sign = UINT64_C(0xffff000000000000);

	if (loaded_at(p, address, place) || unloaded_at(p, address, place))
		return true;
	/*
	 * ARM64 return addresses may be signed: the signature replaces the upper bits except bit 55,
	 * which still tells kernel from user space.
	 */
	if (p->dump->arch != VF_ARCH_ARM64 || !(address >> 55 & 1) || (address & sign) == sign)
		return false;
	return loaded_at(p, address | sign, place) || unloaded_at(p, address | sign, place);
}
