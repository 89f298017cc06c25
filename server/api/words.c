#include "server/api/words.h"

#include "verifleet/catalog.h"

const char *vf_word_kind(int number)
{
	const struct vf_finding_kind_row *row =
		number > 0 ? vf_finding_kind_find((unsigned)number) : NULL;

	return row ? row->key : NULL;
}

int vf_kind_number(const char *word)
{
	const struct vf_finding_kind_row *row = vf_finding_kind_named(word);

	return row ? (int)row->number : 0;
}

const char *vf_word_bugcheck(uint32_t code)
{
	const struct vf_bugcheck *row = vf_bugcheck_find(code);

	return row ? row->name : NULL;
}

json_t *vf_words_scopes(uint32_t mask)
{
	json_t *out = json_array();
	char text[64], *word = text, *rest;

	for (vf_scopes_text(mask, text, sizeof text); *word; word = rest) {
		size_t len = strcspn(word, ",");

		rest = word + len + (word[len] == ',');
		if (json_array_append_new(out, json_stringn(word, len))) {
			json_decref(out);
			return NULL;
		}
	}
	return out;
}
