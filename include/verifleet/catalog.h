/*
 * What Windows documents about bug checks and Driver Verifier, as tables.
 *
 * The facts stand in catalog/(name).def, one row a fact. Nothing here is guessed: what has no
 * public meaning is said to have none. Pure functions of their arguments; any thread.
 */
#ifndef VERIFLEET_CATALOG_H
#define VERIFLEET_CATALOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The code that a raw code of a dump or an event stands for. 0x1000007E and its like are the same
 * bug check with bit 28 set; codes of another severity (0xC000021A, 0xDEADDEAD) stay as they are.
 */
static inline uint32_t vf_bugcheck_code(uint32_t raw)
{
	return raw >> 28 == 1 ? raw & 0x0fffffffu : raw;
}

/*
 * Which parameter (1..4) of this bug check may hold an address of code, 0 when none is known to.
 * The answer is a candidate: only a value inside a loaded image says anything.
 */
static inline unsigned vf_code_address_param(uint32_t code, uint64_t p1)
{
	static const struct {
		uint32_t code;
		uint64_t first, last;
		unsigned parameter;
	} rows[] = {
#define CODE_ADDRESS(code, ...) {code, __VA_ARGS__},
#include "verifleet/catalog/code_address.def"
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].code == vf_bugcheck_code(code) && p1 >= rows[i].first &&
			p1 <= rows[i].last)
			return rows[i].parameter;
	return 0;
}

#endif
