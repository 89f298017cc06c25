#include "server/api/catalog_json.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "verifleet/catalog_json.h"

/*
 * Values by the type words of the member lists. A NULL from one of them makes
 * json_object_set_new() fail, so that an object is either whole or not there.
 */
static json_t *of_TEXT(const char *text)
{
	return text ? json_string(text) : json_null();
}

static json_t *of_BOOL(bool value)
{
	return json_boolean(value);
}

static json_t *of_ANSWER(const char *word)
{
	return json_boolean(!strcmp(word, "yes"));
}

static json_t *of_NUMBER(unsigned value)
{
	return json_integer((json_int_t)value);
}

static json_t *of_OPTIONAL(unsigned value)
{
	return value ? json_integer((json_int_t)value) : json_null();
}

static json_t *of_BIT(int value)
{
	return value < 0 ? json_null() : json_integer(value);
}

static json_t *of_HEX32(uint32_t value)
{
	return json_sprintf("0x%08" PRIx32, value);
}

static json_t *of_MASK(uint32_t value)
{
	return value ? of_HEX32(value) : json_null();
}

static json_t *of_SUB_SUB_CODE(int value)
{
	return value < 0 ? json_null() : of_HEX32((uint32_t)value);
}

static json_t *of_WORDS(const char *words)
{
	json_t *array = json_array();
	int bad = !array;

	while (!bad && *words) {
		size_t len = strcspn(words, ",");

		bad |= json_array_append_new(array, json_stringn(words, len));
		words += len + (words[len] == ',');
	}
	if (!bad)
		return array;
	json_decref(array);
	return NULL;
}

static json_t *of_CELLS(const char *const *cells, size_t count)
{
	json_t *array = json_array();
	int bad = !array;

	for (size_t i = 0; i < count; i++)
		bad |= json_array_append_new(array, of_TEXT(vf_public_meaning(cells[i])));
	if (!bad)
		return array;
	json_decref(array);
	return NULL;
}

#define MEMBER(type, name, ...) bad |= json_object_set_new(object, name, of_##type(__VA_ARGS__));
#define OBJECT(members)                                                                            \
	do {                                                                                       \
		json_t *object = json_object();                                                    \
		int bad = 0;                                                                       \
                                                                                                   \
		members if (!bad) return object;                                                   \
		json_decref(object);                                                               \
		return NULL;                                                                       \
	} while (0)

static json_t *of_STANDARD(const struct vf_verifier_flag *row)
{
	OBJECT(VF_JSON_STANDARD(MEMBER));
}

static json_t *of_VOLATILE(const struct vf_verifier_flag *row)
{
	OBJECT(VF_JSON_VOLATILE(MEMBER));
}

static json_t *of_option(const struct vf_verifier_flag *row)
{
	OBJECT(VF_JSON_OPTION(MEMBER));
}

static json_t *of_finding_kind(const struct vf_finding_kind_row *row)
{
	OBJECT(VF_JSON_FINDING_KIND(MEMBER));
}

static json_t *of_bugcheck(const struct vf_bugcheck *row)
{
	OBJECT(VF_JSON_BUGCHECK(MEMBER));
}

static json_t *of_flag(const struct vf_verifier_flag *row)
{
	OBJECT(VF_JSON_VERIFIER_FLAG(MEMBER));
}

static json_t *of_DMA_CLASS(const struct vf_dma_misuse *row)
{
	if (!row)
		return json_null();
	OBJECT(VF_JSON_DMA_CLASS(MEMBER));
}

static json_t *of_RULE(const struct vf_rule *row)
{
	if (!row)
		return json_null();
	OBJECT(VF_JSON_RULE(MEMBER));
}

static json_t *of_sub_code(const struct vf_sub_code *row)
{
	OBJECT(VF_JSON_SUB_CODE(MEMBER) MEMBER(CELLS, "parameters", row->parameter, 3)
			VF_JSON_SUB_CODE_REST(MEMBER));
}

/* Appends one value for each of `count` things; `item` is the value of thing i. */
#define ARRAY(count, item)                                                                         \
	do {                                                                                       \
		json_t *array = json_array();                                                      \
		int bad = !array;                                                                  \
                                                                                                   \
		for (size_t i = 0; i < (count); i++)                                               \
			bad |= json_array_append_new(array, item);                                 \
		if (!bad)                                                                          \
			return array;                                                              \
		json_decref(array);                                                                \
		return NULL;                                                                       \
	} while (0)

static json_t *of_parameter(const struct vf_bugcheck_input *in, size_t i, const char *meaning)
{
	struct vf_text_span here = vf_meaning_here(in, (unsigned)i, meaning);
	json_t *value = i < in->n_parameters ? json_sprintf("0x%016" PRIx64, in->parameter[i])
					     : json_null();

	return json_pack("{s:o, s:s?, s:o}", "value", value, "meaning", meaning, "here",
		here.text ? json_stringn(here.text, here.len) : json_null());
}

static json_t *of_PARAMETERS(const struct vf_decoded *row)
{
	ARRAY(4, of_parameter(&row->in, i, row->meaning[i]));
}

static json_t *of_match_parameters(const struct vf_decoded *d, const struct vf_sub_code *row)
{
	ARRAY(4, of_parameter(&d->in, i, i ? row->parameter[i - 1] : row->meaning));
}

static json_t *of_match(const struct vf_decoded *d, const struct vf_sub_code *row)
{
	OBJECT(VF_JSON_SUB_CODE(MEMBER) MEMBER(match_parameters, "parameters", d, row)
			VF_JSON_SUB_CODE_REST(MEMBER));
}

static json_t *of_MATCHES(const struct vf_decoded *row)
{
	ARRAY(row->n_readings, of_match(row, row->reading[i]));
}

static json_t *of_OPTIONS(const struct vf_decoded *row)
{
	ARRAY(row->n_options, of_option(row->option[i]));
}

static json_t *of_NOTES(const struct vf_decoded *row)
{
	ARRAY(row->n_notes, json_string(row->note[i]));
}

static json_t *of_P1_IS_CLASS(const struct vf_bugcheck *row)
{
	return row ? json_boolean(row->p1_type == VF_P1_CLASS) : json_null();
}

json_t *vf_json_of_bugcheck(const struct vf_decoded *row)
{
	OBJECT(VF_JSON_DECODED(MEMBER));
}

static json_t *of_on_windows(const struct vf_verifier_flag *row, enum vf_windows windows)
{
	if (windows == VF_WIN_UNKNOWN)
		return json_null();
	OBJECT(VF_JSON_ON_WINDOWS(MEMBER));
}

static json_t *of_decoded_flag(const struct vf_verifier_flag *row, enum vf_windows windows)
{
	OBJECT(VF_JSON_VERIFIER_FLAG(MEMBER) MEMBER(on_windows, "on_windows", row, windows));
}

static json_t *flags_of(const struct vf_decoded_flags *row, enum vf_windows windows)
{
	ARRAY(row->n_flags, of_decoded_flag(row->flag[i], windows));
}

static json_t *of_BITS(uint32_t mask)
{
	json_t *array = json_array();
	int bad = !array;

	for (int bit = 0; bit < VF_FLAG_BITS; bit++)
		if (mask & (UINT32_C(1) << bit))
			bad |= json_array_append_new(array, of_HEX32(UINT32_C(1) << bit));
	if (!bad)
		return array;
	json_decref(array);
	return NULL;
}

static json_t *of_MISSING(uint32_t mask)
{
	json_t *array = json_array();
	int bad = !array;

	for (int bit = 0; bit < VF_FLAG_BITS; bit++)
		if (mask & (UINT32_C(1) << bit))
			bad |= json_array_append_new(
				array, of_option(vf_verifier_flag_of_bit(UINT32_C(1) << bit)));
	if (!bad)
		return array;
	json_decref(array);
	return NULL;
}

json_t *vf_json_of_flags(const struct vf_decoded_flags *row, enum vf_windows windows)
{
#define of_FLAGS(flags) flags_of(flags, windows)
	OBJECT(VF_JSON_DECODED_FLAGS(MEMBER));
#undef of_FLAGS
}

/* A whole list of the catalogue as an array. */
#define WHOLE_LIST(name, type, all, encode)                                                        \
	static json_t *of_##name(void)                                                             \
	{                                                                                          \
		size_t count;                                                                      \
		const struct type *list = all(&count);                                             \
                                                                                                   \
		ARRAY(count, encode(&list[i]));                                                    \
	}
WHOLE_LIST(finding_kinds, vf_finding_kind_row, vf_finding_kinds, of_finding_kind)
WHOLE_LIST(bugchecks, vf_bugcheck, vf_bugchecks, of_bugcheck)
WHOLE_LIST(sub_codes, vf_sub_code, vf_sub_codes, of_sub_code)
WHOLE_LIST(dma_classes, vf_dma_misuse, vf_dma_misuses, of_DMA_CLASS)
WHOLE_LIST(verifier_flags, vf_verifier_flag, vf_verifier_flags, of_flag)
WHOLE_LIST(rules, vf_rule, vf_rules, of_RULE)

json_t *vf_json_of_catalog(void)
{
#define LIST(name) bad |= json_object_set_new(object, #name, of_##name());
	OBJECT(LIST(finding_kinds) LIST(bugchecks) LIST(sub_codes) LIST(dma_classes)
			LIST(verifier_flags) LIST(rules));
#undef LIST
}
