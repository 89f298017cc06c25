#include "server/api/words.h"

#include "verifleet/catalog.h"

static const char *const roles[] = {
	[VF_ROLE_VIEWER] = "viewer",
	[VF_ROLE_OPERATOR] = "operator",
	[VF_ROLE_ADMINISTRATOR] = "administrator",
};

static const struct {
	uint32_t scope;
	const char *word;
} scopes[] = {
	{VF_SCOPE_READ, "read"},
	{VF_SCOPE_IMPORT, "import"},
	{VF_SCOPE_OPERATE, "operate"},
	{VF_SCOPE_DUMPS, "dumps"},
	{VF_SCOPE_ADMIN, "admin"},
};

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

const char *vf_word_role(enum vf_role role)
{
	return (size_t)role < VF_ARRAY_LEN(roles) ? roles[role] : NULL;
}

json_t *vf_words_scopes(uint32_t mask)
{
	json_t *out = json_array();

	for (size_t i = 0; i < VF_ARRAY_LEN(scopes); i++)
		if (mask & scopes[i].scope &&
			json_array_append_new(out, json_string(scopes[i].word))) {
			json_decref(out);
			return NULL;
		}
	return out;
}

uint32_t vf_scope_number(const char *word)
{
	for (size_t i = 0; i < VF_ARRAY_LEN(scopes); i++)
		if (!strcmp(scopes[i].word, word))
			return scopes[i].scope;
	return 0;
}
