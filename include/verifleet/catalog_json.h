/*
 * Members of the JSON that decoding and the catalogues answer, in their order: one list for the
 * command line and the API, which encode by themselves and meet in tests/contract.
 *
 * Each line is X(type, name, value), where value is an expression over `row`, a pointer to what the
 * list is named after. An encoder gives every type a meaning:
 *   TEXT      string, NULL -> null              BOOL      true or false
 *   ANSWER    "yes" -> true, else false         NUMBER    unsigned
 *   OPTIONAL  unsigned, 0 -> null               BIT       int, negative -> null
 *   HEX32     "0x" and eight digits             MASK      HEX32, 0 -> null
 *   WORDS     comma-separated text -> array     CELLS     array of texts, with its length
 * and the objects named below.
 */
#ifndef VERIFLEET_CATALOG_JSON_H
#define VERIFLEET_CATALOG_JSON_H

#include "verifleet/catalog.h"

/* struct vf_finding_kind_row */
#define VF_JSON_FINDING_KIND(X)                                                                    \
	X(NUMBER, "number", row->number)                                                           \
	X(TEXT, "key", row->key)                                                                   \
	X(TEXT, "name", row->name)                                                                 \
	X(TEXT, "meaning", row->meaning)

/* struct vf_dma_misuse */
#define VF_JSON_DMA_CLASS(X)                                                                       \
	X(NUMBER, "number", row->number)                                                           \
	X(TEXT, "key", row->key)                                                                   \
	X(TEXT, "meaning", row->meaning)                                                           \
	X(TEXT, "codes", row->codes)                                                               \
	X(TEXT, "note", row->note)

/* struct vf_rule */
#define VF_JSON_RULE(X)                                                                            \
	X(NUMBER, "number", row->number)                                                           \
	X(TEXT, "name", row->name)                                                                 \
	X(BOOL, "memory_usage", row->memory_usage)                                                 \
	X(MASK, "c4_p1", row->c4_p1)                                                               \
	X(WORDS, "sets", row->sets)                                                                \
	X(WORDS, "functions", row->functions)                                                      \
	X(NUMBER, "function_count", row->function_count)                                           \
	X(TEXT, "requirement", row->requirement)                                                   \
	X(ANSWER, "compile_time", row->compile_time)                                               \
	X(ANSWER, "run_time", row->run_time)                                                       \
	X(TEXT, "verifier_option", row->verifier_option)

/* struct vf_verifier_flag where only named */
#define VF_JSON_OPTION(X)                                                                          \
	X(NUMBER, "number", row->number)                                                           \
	X(TEXT, "key", row->key)                                                                   \
	X(TEXT, "name", row->name)                                                                 \
	X(MASK, "mask", row->mask)

/* struct vf_verifier_flag; STANDARD and VOLATILE are objects of the two lists that follow */
#define VF_JSON_VERIFIER_FLAG(X)                                                                   \
	X(NUMBER, "number", row->number)                                                           \
	X(TEXT, "key", row->key)                                                                   \
	X(TEXT, "name", row->name)                                                                 \
	X(TEXT, "kind", vf_flag_kind_word(row->kind))                                              \
	X(MASK, "mask", row->mask)                                                                 \
	X(BIT, "bit", row->bit)                                                                    \
	X(OPTIONAL, "rule_class", row->rule_class)                                                 \
	X(TEXT, "rule_class_note", row->rule_class_note)                                           \
	X(TEXT, "since", row->since)                                                               \
	X(TEXT, "deprecated", row->deprecated)                                                     \
	X(STANDARD, "standard", row)                                                               \
	X(VOLATILE, "volatile", row)                                                               \
	X(TEXT, "dif_now_win11", row->dif_now_win11)                                               \
	X(TEXT, "reboot_needed", row->reboot_needed)                                               \
	X(TEXT, "requires", row->requires)                                                         \
	X(OPTIONAL, "requires_option", row->required)                                              \
	X(TEXT, "notes", row->notes)                                                               \
	X(TEXT, "meaning", row->meaning)

#define VF_JSON_STANDARD(X)                                                                        \
	X(TEXT, "xp", row->standard[VF_STD_XP])                                                    \
	X(TEXT, "vista_7", row->standard[VF_STD_VISTA_7])                                          \
	X(TEXT, "8_81", row->standard[VF_STD_8_81])                                                \
	X(TEXT, "10_11", row->standard[VF_STD_10_11])

#define VF_JSON_VOLATILE(X)                                                                        \
	X(TEXT, "vista_81", row->volatile_[VF_VOL_VISTA_81])                                       \
	X(TEXT, "10", row->volatile_[VF_VOL_10])                                                   \
	X(TEXT, "11", row->volatile_[VF_VOL_11])

/* struct vf_bugcheck */
#define VF_JSON_BUGCHECK(X)                                                                        \
	X(HEX32, "code", row->code)                                                                \
	X(TEXT, "name", row->name)                                                                 \
	X(BOOL, "documented", row->documented == VF_DOC_FULL)                                      \
	X(TEXT, "type", vf_bugcheck_type_word(row->type))                                          \
	X(TEXT, "meaning", vf_bugcheck_meaning(row))                                               \
	X(CELLS, "parameters", row->parameter, 4)                                                  \
	X(BOOL, "p1_is_class", row->p1_type == VF_P1_CLASS)                                        \
	X(TEXT, "leak", vf_leak_word(row->leak))                                                   \
	X(TEXT, "leak_words", row->leak_words)                                                     \
	X(TEXT, "verifier", vf_needed_word(row->needed))                                           \
	X(TEXT, "verifier_words", row->verifier_words)                                             \
	X(OPTIONAL, "code_address", vf_code_address_param(row->code, UINT64_MAX))

/* struct vf_sub_code: what stands before its parameters, and what after them */
#define VF_JSON_SUB_CODE(X)                                                                        \
	X(TEXT, "list", vf_sub_code_list_word(row))                                                \
	X(TEXT, "symbol", row->symbol)                                                             \
	X(HEX32, "p1", row->p1)                                                                    \
	X(SUB_SUB_CODE, "p2", row->p2) /* HEX32, negative -> null */                               \
	X(TEXT, "meaning", row->meaning)
#define VF_JSON_SUB_CODE_REST(X)                                                                   \
	X(TEXT, "category", row->category)                                                         \
	X(TEXT, "severity", row->severity)                                                         \
	X(TEXT, "rule", row->rule)                                                                 \
	X(OPTIONAL, "dma_class", row->dma_class)                                                   \
	X(TEXT, "leak", vf_leak_word(row->leak))                                                   \
	X(TEXT, "verifier", vf_needed_word(row->needed))                                           \
	X(OPTIONAL, "os_build_min", row->os_min)                                                   \
	X(OPTIONAL, "os_build_max", row->os_max)                                                   \
	X(TEXT, "note", row->note)                                                                 \
	X(TEXT, "source", row->source)

/*
 * struct vf_decoded. PARAMETERS: array of four {"value": 64-bit hex or null, "meaning",
 * "here": vf_meaning_here() or null};
 * OPTIONS: array of VF_JSON_OPTION; DMA_CLASS and RULE: object or null; MATCHES: array of
 * VF_JSON_SUB_CODE, "parameters" as above with the meanings of that row, VF_JSON_SUB_CODE_REST;
 * NOTES: array of strings; P1_IS_CLASS: true, false, or null without a row.
 */
#define VF_JSON_DECODED(X)                                                                         \
	X(HEX32, "code", row->code)                                                                \
	X(HEX32, "raw_code", row->in.raw_code)                                                     \
	X(TEXT, "name", row->bugcheck ? row->bugcheck->name : NULL)                                \
	X(TEXT, "raw_name", row->raw ? row->raw->name : NULL)                                      \
	X(TEXT, "meaning", vf_bugcheck_meaning(row->bugcheck))                                     \
	X(BOOL, "documented", row->bugcheck && row->bugcheck->documented == VF_DOC_FULL)           \
	X(TEXT, "type", row->bugcheck ? vf_bugcheck_type_word(row->bugcheck->type) : NULL)         \
	X(TEXT, "kind", vf_finding_kind_key(row->kind))                                            \
	X(PARAMETERS, "parameters", row)                                                           \
	X(TEXT, "leak", vf_leak_word(row->leak))                                                   \
	X(TEXT, "leak_note", row->leak_words)                                                      \
	X(TEXT, "verifier", vf_needed_word(row->needed))                                           \
	X(TEXT, "verifier_note", row->needed_words)                                                \
	X(OPTIONS, "verifier_options", row)                                                        \
	X(DMA_CLASS, "dma_class", row->dma_class)                                                  \
	X(RULE, "rule", row->rule)                                                                 \
	X(P1_IS_CLASS, "p1_is_class", row->bugcheck)                                               \
	X(OPTIONAL, "code_address", row->code_address)                                             \
	X(OPTIONAL, "os_build", row->in.os_build)                                                  \
	X(MATCHES, "matches", row)                                                                 \
	X(NOTES, "notes", row)

/* An option of a mask on one generation of Windows; `row` is the flag, `windows` the generation. */
#define VF_JSON_ON_WINDOWS(X)                                                                      \
	X(TEXT, "available", vf_flag_available_word(row, windows))                                 \
	X(TEXT, "standard", vf_flag_standard(row, windows))                                        \
	X(TEXT, "volatile", vf_flag_volatile(row, windows))                                        \
	X(TEXT, "dif_now", windows == VF_WIN_11 ? row->dif_now_win11 : NULL)

/*
 * struct vf_decoded_flags. FLAGS: array of VF_JSON_VERIFIER_FLAG and "on_windows", an object of
 * VF_JSON_ON_WINDOWS or null; BITS: array of HEX32, one for each bit; MISSING: array of
 * VF_JSON_OPTION for each bit.
 */
#define VF_JSON_DECODED_FLAGS(X)                                                                   \
	X(HEX32, "mask", row->mask)                                                                \
	X(TEXT, "windows", vf_windows_word(windows))                                               \
	X(FLAGS, "flags", row)                                                                     \
	X(BITS, "reserved", row->reserved)                                                         \
	X(BITS, "unknown", row->unknown)                                                           \
	X(MISSING, "missing", row->missing)

#endif
