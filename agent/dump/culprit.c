/*
 * Who is to blame, by rules in a fixed order; the first that names a module outside the kernel, the
 * HAL and Driver Verifier wins. Nobody is named when none does.
 */
#include "agent/dump/parse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/dump/text.h"
#include "verifleet/catalog.h"

enum {
	LEAK_AT_UNLOAD = 0x62, /* sub-code of 0xC4 whose parameter 2 is the driver's name */
	FIRST_RULE = 0x20000,  /* sub-codes of 0xC4 from here on are rules: parameter 2 is text */
	LEAST_OFFSET = 0x200,  /* nearer to its base an image has headers, not code */
	NAME_TEXT = 128,
};

static bool is_verifier_code(uint32_t code)
{
	return code == 0xc4 || code == 0x1c4;
}

static bool is_kernel(const struct vf_parse *p, const struct vf_dump_driver *driver)
{
	static const char *const names[] = {
		"ntoskrnl.exe", "ntkrnlmp.exe", "ntkrnlpa.exe", "ntkrpamp.exe", "ntkrla57.exe"};

	if (driver == p->dump->drivers || driver->base == p->kernel_base)
		return true;
	for (size_t i = 0; driver->name && i < VF_ARRAY_LEN(names); i++)
		if (vf_text_same(driver->name, names[i]))
			return true;
	return false;
}

/* The second module, under any of the names that HALs have had (hal.dll, halmacpi.dll, …). */
static bool is_hal(const struct vf_parse *p, const struct vf_dump_driver *driver)
{
	char start[4];

	if (!driver->name)
		return false;
	snprintf(start, sizeof start, "%s", driver->name);
	return vf_text_same(driver->name, "hal.dll") ||
	       (driver == p->dump->drivers + 1 && vf_text_same(start, "hal"));
}

/* The parts of Driver Verifier that are images of their own find faults, they do not make them. */
static bool is_verifier(const struct vf_dump_driver *driver)
{
	return driver->name && (vf_text_same(driver->name, "VerifierExt.sys") ||
				       vf_text_same(driver->name, "verifier.sys"));
}

static bool may_blame(const struct vf_parse *p, const struct vf_dump_place *place)
{
	if (!place->driver)
		return place->module != NULL;
	return place->module && !is_kernel(p, place->driver) && !is_hal(p, place->driver) &&
	       !is_verifier(place->driver);
}

/* Names the module; false when memory runs out. */
static bool blame(struct vf_parse *p, const char *module, enum vf_culprit_rule rule, unsigned param)
{
	struct vf_dump_culprit *c = &p->dump->culprit;

	c->module = strdup(module);
	c->rule = rule;
	c->parameter = param;
	return c->module != NULL;
}

static bool blame_place(struct vf_parse *p, const struct vf_dump_place *place,
	enum vf_culprit_rule rule, unsigned param)
{
	p->dump->culprit.has_offset = true;
	p->dump->culprit.offset = place->offset;
	return blame(p, place->module, rule, param);
}

static bool found(const struct vf_parse *p)
{
	return p->dump->culprit.rule != VF_CULPRIT_NONE;
}

static bool try_address(
	struct vf_parse *p, uint64_t address, enum vf_culprit_rule rule, unsigned param)
{
	struct vf_dump_place place;

	if (!vf_module_at(p, address, &place) || !may_blame(p, &place))
		return true;
	return blame_place(p, &place, rule, param);
}

/* A driver's file name and nothing else: this text comes from a pointer that may be stale. */
static bool is_driver_name(const char *name)
{
	size_t len = strlen(name);

	if (len < 3 || len > 64)
		return false;
	for (size_t i = 0; i < len; i++)
		if (strchr("\"*/:<>?\\|", name[i]) || (unsigned char)name[i] >= 0x7f)
			return false;
	return true;
}

static bool try_driver_name(struct vf_parse *p)
{
	char text[NAME_TEXT];
	const char *name;

	if (!is_verifier_code(p->dump->code) || p->dump->params[0] != LEAK_AT_UNLOAD)
		return true;
	if (!vf_memory_text(p, p->dump->params[1], text, sizeof text) ||
		!is_driver_name(vf_text_base_name(text))) {
		vf_dump_warn(p, "the driver's name, parameter 2, is not in the dump");
		return true;
	}
	name = vf_text_base_name(text);
	for (size_t i = 0; i < p->dump->driver_count; i++)
		if (p->dump->drivers[i].name && vf_text_same(name, p->dump->drivers[i].name))
			name = p->dump->drivers[i].name;
	return blame(p, name, VF_CULPRIT_DRIVER_NAME, 2);
}

static void read_rule_text(struct vf_parse *p)
{
	struct vf_dump *d = p->dump;

	if (d->kind != VF_DUMP_TRIAGE || !is_verifier_code(d->code) || d->params[0] < FIRST_RULE)
		return;
	d->parameter_text_absent =
		!vf_memory_text(p, d->params[1], d->parameter_text, sizeof d->parameter_text);
	if (d->parameter_text_absent)
		d->parameter_text[0] = '\0';
}

/* From the stack pointer of the fault on, or from the top when that lies elsewhere. */
static size_t first_stack_word(const struct vf_parse *p, const struct vf_fault *f)
{
	const struct vf_dump *d = p->dump;
	const uint64_t candidates[] = {f->has_context ? f->sp : 0, d->has_context ? d->sp : 0};
	uint64_t top = p->triage.stack_top, size = vf_stack_count(p) * (uint64_t)p->word;

	for (size_t i = 0; i < VF_ARRAY_LEN(candidates); i++)
		if (candidates[i] >= top && candidates[i] - top < size)
			return (size_t)((candidates[i] - top + p->word - 1) / p->word);
	return 0;
}

static bool is_parameter(const struct vf_dump *d, uint64_t value)
{
	for (size_t i = 1; i < 4; i++)
		if (d->params[i] == value)
			return true;
	return false;
}

/* Loaded drivers first: a word in the range of an unloaded one is more likely an old value. */
static bool try_stack(struct vf_parse *p, const struct vf_fault *f, bool unloaded)
{
	bool rule = is_verifier_code(p->dump->code) && p->dump->params[0] >= FIRST_RULE;
	struct vf_dump_place place;
	uint64_t value;

	for (size_t i = first_stack_word(p, f); vf_stack_word(p, i, &value); i++) {
		/* Copies of the parameters on the stack are data. */
		if (p->bugcheck_frame && i >= p->bugcheck_frame && i < p->bugcheck_frame + 5)
			continue;
		if (rule && is_parameter(p->dump, value))
			continue;
		if (!vf_module_at(p, value, &place) || unloaded != !place.driver ||
			place.offset < LEAST_OFFSET || !may_blame(p, &place))
			continue;
		return blame_place(p, &place, unloaded ? VF_CULPRIT_UNLOADED : VF_CULPRIT_STACK, 0);
	}
	return true;
}

/* 0xCE is about memory of a driver that has gone: its parameters 1 and 3 may lie there. */
static bool try_unloaded(struct vf_parse *p)
{
	static const unsigned params[] = {1, 3};
	struct vf_dump_place place;

	if (p->dump->code != 0xce)
		return true;
	for (size_t i = 0; i < VF_ARRAY_LEN(params); i++)
		if (vf_module_at(p, p->dump->params[params[i] - 1], &place) && !place.driver &&
			place.module)
			return blame_place(p, &place, VF_CULPRIT_UNLOADED, params[i]);
	return true;
}

/* Some kernels note which driver they hold responsible; believed when it is a known one. */
static bool try_named_by_system(struct vf_parse *p)
{
	const struct vf_dump *d = p->dump;
	const char *name, *known = NULL;
	bool nomem = false;
	char *text;

	if (!p->triage.broken_driver_offset)
		return true;
	text = vf_pool_string(p, p->triage.broken_driver_offset, &nomem);
	if (!text)
		return !nomem;
	name = vf_text_base_name(text);
	for (size_t i = 0; i < d->driver_count && !known; i++) {
		struct vf_dump_place place = {&d->drivers[i], d->drivers[i].name, 0};

		if (place.module && vf_text_same(name, place.module) && may_blame(p, &place))
			known = place.module;
	}
	for (size_t i = 0; i < d->unloaded_count && !known; i++)
		if (vf_text_same(name, d->unloaded[i].name))
			known = d->unloaded[i].name;
	free(text);
	return !known || blame(p, known, VF_CULPRIT_NAMED_BY_SYSTEM, 0);
}

/* Last: the kernel's own code is at least a place, and no driver is wronged by it. */
static bool try_kernel_parameter(struct vf_parse *p, unsigned param)
{
	struct vf_dump_place place;

	if (!param || !vf_module_at(p, p->dump->params[param - 1], &place) || !place.driver ||
		!place.module || !(is_kernel(p, place.driver) || is_hal(p, place.driver)))
		return true;
	return blame_place(p, &place, VF_CULPRIT_KERNEL_PARAMETER, param);
}

bool vf_find_culprit(struct vf_parse *p)
{
	struct vf_dump *d = p->dump;
	unsigned param = vf_code_address_param(d->code, d->params[0]);
	struct vf_fault f;
	bool ok = true;

	vf_parse_fault(p, &f);
	if (!d->has_context && f.has_context) {
		d->has_context = true;
		d->pc = f.pc;
		d->sp = f.sp;
	}
	if (!d->has_context && d->arch != VF_ARCH_UNKNOWN)
		vf_dump_warn(p, "the dump holds no CPU context");
	read_rule_text(p);
	if (!d->driver_count && !d->unloaded_count)
		return true;
	if (param)
		ok = try_address(p, d->params[param - 1], VF_CULPRIT_PARAMETER, param);
	if (ok && !found(p))
		ok = try_driver_name(p);
	if (ok && !found(p))
		ok = try_unloaded(p);
	if (ok && !found(p) && f.has_exception)
		ok = try_address(p, f.exception, VF_CULPRIT_EXCEPTION, f.exception_param);
	if (ok && !found(p) && f.has_context)
		ok = try_address(p, f.pc, VF_CULPRIT_CONTEXT, f.context_param);
	if (ok && !found(p) && d->has_context)
		ok = try_address(p, d->pc, VF_CULPRIT_CONTEXT, 0);
	if (ok && !found(p))
		ok = try_stack(p, &f, false);
	if (ok && !found(p))
		ok = try_stack(p, &f, true);
	if (ok && !found(p))
		ok = try_named_by_system(p);
	if (ok && !found(p))
		ok = try_kernel_parameter(p, param);
	return ok;
}
