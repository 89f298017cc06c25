/*
 * What Windows documents about bug checks and Driver Verifier, as tables and look-ups.
 *
 * The facts stand in catalog/(name).def, one row a fact; this header gives their types and how to
 * ask for them. The functions without a body here are defined once on each side of the wire, in
 * the one file that includes verifleet/catalog_tables.h (agent/core/catalog.c,
 * server/domain/catalog.c). The kernel kit may use this header, never the tables.
 *
 * Everything is constant and lives as long as the program: nothing to free, any thread, no
 * failure. What is not in the tables is said to be unknown; nothing is guessed. Text cells are
 * NULL where the documentation is silent; "not documented" in a bug check means the same
 * (vf_public_meaning() turns both into NULL).
 */
#ifndef VERIFLEET_CATALOG_H
#define VERIFLEET_CATALOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Numbers are stored and sent: a number is never changed, reused or removed. */
enum vf_finding_kind {
	VF_KIND_UNKNOWN = 0,
#define FINDING_KIND(symbol, number, key, name, meaning) VF_KIND_##symbol = (number),
#include "verifleet/catalog/finding_kinds.def"
};

enum vf_dma_class {
	VF_DMA_CLASS_NONE = 0,
#define DMA_MISUSE(symbol, number, key, meaning, codes, note) VF_DMA_CLASS_##symbol = (number),
#include "verifleet/catalog/dma_misuse.def"
};

/* Rule class, or a number of ours from 1001 on where an option has none. */
enum vf_verifier_option {
	VF_OPTION_NONE = 0,
#define VERIFIER_FLAG(symbol, number, ...) VF_OPTION_##symbol = (number),
#include "verifleet/catalog/verifier_flags.def"
};

enum vf_rule_number {
	VF_RULE_NONE = 0,
#define RULE(name, number, ...) VF_RULE_##name = (number),
#include "verifleet/catalog/rules.def"
};

/* Generations of Windows, in order. */
enum vf_windows {
	VF_WIN_UNKNOWN,
	VF_WIN_2000,
	VF_WIN_XP,
	VF_WIN_2003,
	VF_WIN_VISTA,
	VF_WIN_7,
	VF_WIN_8,
	VF_WIN_81,
	VF_WIN_10,
	VF_WIN_11,
};

enum vf_flag_kind {
	VF_FLAG_BIT,
	VF_FLAG_LEGACY,     /* a bit or switch that current Windows no longer has */
	VF_FLAG_RESERVED,   /* a bit without a published meaning */
	VF_FLAG_RULE_CLASS, /* no bit: switched on by the number of its rule class */
	VF_FLAG_REGISTRY,   /* no bit: switched on by a registry value */
};

enum vf_documented { VF_DOC_NONE, VF_DOC_NAME_ONLY, VF_DOC_FULL };
enum vf_bugcheck_type { VF_STOP, VF_LIVE_DUMP };
enum vf_p1_type { VF_P1_VALUE, VF_P1_CLASS };
/* BY_P1 stands in tables only; a decoded bug check has one of the others. */
enum vf_needed { VF_NEEDED_UNKNOWN, VF_NEEDED_NO, VF_NEEDED_YES, VF_NEEDED_BY_P1 };
enum vf_leak { VF_LEAK_UNKNOWN, VF_LEAK_NO, VF_LEAK_YES, VF_LEAK_POSSIBLE, VF_LEAK_BY_P1 };

enum vf_std_column { VF_STD_XP, VF_STD_VISTA_7, VF_STD_8_81, VF_STD_10_11, VF_STD_COLUMNS };
enum vf_vol_column { VF_VOL_VISTA_81, VF_VOL_10, VF_VOL_11, VF_VOL_COLUMNS };

struct vf_verifier_flag {
	const char *symbol;
	unsigned number;
	enum vf_flag_kind kind;
	uint32_t mask;         /* 0 = no bit */
	int bit;               /* -1 = no bit */
	unsigned rule_class;   /* 0 = none */
	unsigned required;     /* number of an option that must be on too, 0 = none */
	enum vf_windows first; /* `since` as a generation */
	enum vf_windows gone;  /* `deprecated` as the first generation without it */
	const char *rule_class_note, *key, *name, *since, *deprecated;
	const char
		*standard[VF_STD_COLUMNS]; /* part of /standard? starts with yes or no if clear */
	const char *volatile_[VF_VOL_COLUMNS]; /* can /volatile change it without a restart? */
	const char *dif_now_win11;             /* can /dif N /now switch it on? */
	const char *reboot_needed, *requires, *notes, *meaning;
};

struct vf_bugcheck {
	const char *name;
	uint32_t code;
	enum vf_documented documented;
	enum vf_bugcheck_type type;
	enum vf_p1_type p1_type;
	enum vf_needed needed;
	enum vf_leak leak;
	const char *meaning;
	const char *parameter[4];
	const char *verifier_words, *leak_words;
};

/* One reading of a sub-code of 0xC4, 0xC9 or 0xE6. */
struct vf_sub_code {
	const char *symbol;
	uint32_t code; /* 0xC4, 0xC9 or 0xE6 */
	uint32_t p1;
	int p2;                  /* 0xE6 only: the sub-code in parameter 2, -1 = any */
	uint32_t os_min, os_max; /* OS builds, 0 = no limit known */
	enum vf_leak leak;
	enum vf_needed needed;
	unsigned dma_class;   /* 0xE6 only: 0 = outside the classes */
	const char *category; /* 0xC4 only */
	const char *severity; /* 0xC9 only */
	const char *rule;     /* 0xC4 only: name of the rule */
	const char *meaning;
	const char *parameter[3]; /* of parameters 2, 3 and 4 */
	const char *note, *source;
};

struct vf_dma_misuse {
	const char *symbol;
	unsigned number;
	const char *key, *meaning, *codes, *note;
};

struct vf_rule {
	const char *name;
	unsigned number;
	uint32_t c4_p1; /* 0 = Driver Verifier does not check it */
	unsigned function_count;
	bool memory_usage;            /* one of the eight rules about memory */
	const char *sets, *functions; /* comma-separated */
	const char *requirement;
	const char *compile_time, *run_time; /* yes or no */
	const char *verifier_option;
};

struct vf_finding_kind_row {
	const char *symbol;
	unsigned number;
	const char *key, *name, *meaning;
};

/* Whole lists, in the order of their files. */
const struct vf_verifier_flag *vf_verifier_flags(size_t *count);
const struct vf_bugcheck *vf_bugchecks(size_t *count);
const struct vf_sub_code *vf_sub_codes(size_t *count);
const struct vf_dma_misuse *vf_dma_misuses(size_t *count);
const struct vf_rule *vf_rules(size_t *count);
const struct vf_finding_kind_row *vf_finding_kinds(size_t *count);

/* One row, or NULL. */
const struct vf_verifier_flag *vf_verifier_flag_find(unsigned number);
const struct vf_bugcheck *vf_bugcheck_find(uint32_t code); /* exactly this code */
const struct vf_dma_misuse *vf_dma_misuse_find(unsigned number);
const struct vf_rule *vf_rule_find(const char *name);
const struct vf_finding_kind_row *vf_finding_kind_find(unsigned number);
const struct vf_finding_kind_row *vf_finding_kind_named(const char *key);

/* The words that JSON and pages use. */
const char *vf_leak_word(enum vf_leak);                   /* yes, no, possible, unknown */
const char *vf_needed_word(enum vf_needed);               /* yes, no, unknown */
const char *vf_documented_word(enum vf_documented);       /* full, name_only, NULL for none */
const char *vf_bugcheck_type_word(enum vf_bugcheck_type); /* stop, live_dump */
const char *vf_flag_kind_word(enum vf_flag_kind); /* bit, legacy, reserved, rule_class, registry */
const char *vf_windows_word(enum vf_windows);     /* xp, vista, …, NULL for unknown */

/* xp, vista, 7, 8, 8.1, 10, 11; VF_WIN_UNKNOWN for anything else. */
enum vf_windows vf_windows_named(const char *word);
enum vf_windows vf_windows_of_build(uint32_t os_build); /* 0 -> unknown */

/* What the cells say about one generation, NULL when they say nothing. */
const char *vf_flag_standard(const struct vf_verifier_flag *, enum vf_windows);
const char *vf_flag_volatile(const struct vf_verifier_flag *, enum vf_windows);
/* yes or no by the generations that brought it and dropped it; unknown without a public first. */
const char *vf_flag_available_word(const struct vf_verifier_flag *, enum vf_windows);

/* NULL for a row with a name only, and for no row. */
const char *vf_bugcheck_meaning(const struct vf_bugcheck *);
const char *vf_sub_code_list_word(const struct vf_sub_code *);         /* c4, c9, e6 */
const char *vf_finding_kind_key(enum vf_finding_kind);                 /* NULL for unknown */
const struct vf_verifier_flag *vf_verifier_flag_of_bit(uint32_t mask); /* exactly one bit */

/* NULL for a cell that says nothing: absent, or "not documented". */
const char *vf_public_meaning(const char *cell);

/* Which parts of a decoded bug check somebody has. */
struct vf_bugcheck_input {
	uint32_t raw_code;
	unsigned n_parameters; /* 0..4 known from the first on */
	uint64_t parameter[4];
	uint32_t os_build; /* 0 = unknown; else readings of other builds are left out */
};

#define VF_DECODED_READINGS 8
#define VF_DECODED_OPTIONS  4
#define VF_DECODED_NOTES    8

/*
 * Everything that is known about a bug check with its parameters. Several readings may hold at
 * once: all are in `reading`, and what they do not agree on is unknown.
 */
struct vf_decoded {
	struct vf_bugcheck_input in;
	uint32_t code;                      /* in.raw_code without bit 28 */
	const struct vf_bugcheck *bugcheck; /* NULL = not in the catalogue */
	const struct vf_bugcheck *raw;      /* row of the raw code when that is another one */
	const struct vf_sub_code *reading[VF_DECODED_READINGS];
	size_t n_readings;
	const char *meaning[4];                /* of each parameter, NULL = no public meaning */
	const struct vf_dma_misuse *dma_class; /* when every reading agrees on one */
	const struct vf_rule *rule; /* when the sub-code is an NDIS rule of the catalogue */
	enum vf_finding_kind kind;  /* VF_KIND_UNKNOWN: unknown code, or P1 would decide */
	enum vf_leak leak;
	enum vf_needed needed;
	const char *leak_words, *needed_words; /* what a yes or no would leave out, else NULL */
	const struct vf_verifier_flag *option[VF_DECODED_OPTIONS]; /* that may have found it */
	size_t n_options;
	unsigned code_address;              /* parameter that may hold a code address, 0 = none */
	const char *note[VF_DECODED_NOTES]; /* sentences for people */
	size_t n_notes;
};
void vf_decode_bugcheck(const struct vf_bugcheck_input *, struct vf_decoded *out);

/* Part of a text that lives as long as the catalogue; not terminated. */
struct vf_text_span {
	const char *text; /* NULL = nothing */
	size_t len;
	bool whole; /* the rest of the text is about other cases altogether */
};

/*
 * Where a cell lists what each value, or each parameter 1, means: the words for this case. `index`
 * is that of the parameter (0..3) whose meaning `cell` is; NULL is fine.
 */
struct vf_text_span vf_meaning_here(
	const struct vf_bugcheck_input *, unsigned index, const char *cell);

/* Is parameter 2 of 0xE6 a further sub-code for this parameter 1? */
bool vf_dma_p2_is_sub_code(uint64_t p1);

#define VF_FLAG_BITS 32
struct vf_decoded_flags {
	uint32_t mask;
	const struct vf_verifier_flag *flag[VF_FLAG_BITS]; /* of the bits set, lowest first */
	size_t n_flags;
	uint32_t reserved; /* bits set that have no published meaning */
	uint32_t unknown;  /* bits set that are in no list */
	uint32_t missing;  /* bits that a set one requires and that are not set */
};
void vf_decode_flags(uint32_t mask, struct vf_decoded_flags *out);

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
