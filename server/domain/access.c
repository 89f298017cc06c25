#include "server/domain/access.h"

static const char *const role_name[] = {
	[VF_ROLE_NONE] = "none",
	[VF_ROLE_VIEWER] = "viewer",
	[VF_ROLE_OPERATOR] = "operator",
	[VF_ROLE_ADMINISTRATOR] = "administrator",
};

/* In the order of their bits. */
static const char *const scope_name[] = {
	"read", "import", "operate", "dumps", "admin", "session", "agent"};

const char *vf_role_name(int role)
{
	return role > 0 && (size_t)role < VF_ARRAY_LEN(role_name) ? role_name[role] : role_name[0];
}

bool vf_role_parse(const char *text, int *out)
{
	for (size_t i = 1; i < VF_ARRAY_LEN(role_name); i++)
		if (!strcmp(text, role_name[i])) {
			*out = (int)i;
			return true;
		}
	return false;
}

uint32_t vf_role_scopes(int role)
{
	uint32_t scopes = VF_SCOPE_SELF;

	if (role >= VF_ROLE_VIEWER)
		scopes |= VF_SCOPE_READ;
	if (role >= VF_ROLE_OPERATOR)
		scopes |= VF_SCOPE_IMPORT | VF_SCOPE_OPERATE | VF_SCOPE_DUMPS;
	if (role >= VF_ROLE_ADMINISTRATOR)
		scopes |= VF_SCOPE_ADMIN;
	return scopes;
}

int vf_scopes_role(uint32_t scopes)
{
	int role = VF_ROLE_VIEWER;

	while (role < VF_ROLE_ADMINISTRATOR && (scopes & VF_TOKEN_SCOPES & ~vf_role_scopes(role)))
		role++;
	return role;
}

bool vf_scopes_parse(const char *text, uint32_t *out)
{
	*out = 0;
	while (*text) {
		size_t len = strcspn(text, ","), i = 0;

		while (i < VF_ARRAY_LEN(scope_name) &&
			(strlen(scope_name[i]) != len || strncmp(scope_name[i], text, len) != 0))
			i++;
		if (i == VF_ARRAY_LEN(scope_name) || !(1u << i & VF_TOKEN_SCOPES))
			return false;
		*out |= 1u << i;
		text += len + (text[len] == ',');
	}
	return *out != 0;
}

void vf_scopes_text(uint32_t scopes, char *out, size_t cap)
{
	size_t n = 0;

	out[0] = 0;
	for (size_t i = 0; i < VF_ARRAY_LEN(scope_name); i++)
		if (scopes & 1u << i && n < cap)
			n += (size_t)snprintf(
				out + n, cap - n, "%s%s", n ? "," : "", scope_name[i]);
}
