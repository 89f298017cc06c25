#include "server/domain/attribution.h"

#include <strings.h>

const char *vf_attribution_word(enum vf_attribution a)
{
	static const char *const words[] = {"none", "image", "run", "explicit"};

	return words[a];
}

const char *vf_evidence_role_word(enum vf_evidence_role r)
{
	static const char *const words[] = {"none", "other", "loaded", "own"};

	return words[r];
}

bool vf_same_name(const char *a, const char *b)
{
	return a && b && strcasecmp(a, b) == 0;
}

static bool same_image(const struct vf_module *a, const struct vf_module *b)
{
	return a->timestamp == b->timestamp && a->size == b->size && vf_same_name(a->name, b->name);
}

static bool is_culprit(const struct vf_attribution_facts *in, const struct vf_module *m)
{
	return vf_same_name(in->culprit_module, m->name);
}

/* Is this module the driver of build `b`? By image when the build has some, else by name. */
static bool is_of_build(const struct vf_attribution_facts *in, const struct vf_build_ref *b,
	const struct vf_module *m)
{
	bool has_images = false;

	for (size_t i = 0; i < in->n_images; i++) {
		if (in->image[i].build_id != b->id)
			continue;
		if (same_image(&in->image[i].module, m))
			return true;
		has_images = true;
	}
	return !has_images && vf_same_name(b->driver_name, m->name);
}

/* Without a list of modules a name is all the evidence there is. */
static bool culprit_name_is_of_build(
	const struct vf_attribution_facts *in, const struct vf_build_ref *b)
{
	if (vf_same_name(in->culprit_module, b->driver_name))
		return true;
	for (size_t i = 0; i < in->n_images; i++)
		if (in->image[i].build_id == b->id && is_culprit(in, &in->image[i].module))
			return true;
	return false;
}

static enum vf_evidence_role role_in(
	const struct vf_attribution_facts *in, const struct vf_build_ref *b)
{
	enum vf_evidence_role role = VF_ROLE_OF_OTHER;

	if (!in->n_loaded)
		return culprit_name_is_of_build(in, b) ? VF_ROLE_OF_OWN : VF_ROLE_OF_OTHER;
	for (size_t i = 0; i < in->n_loaded; i++) {
		if (!is_of_build(in, b, &in->loaded[i]))
			continue;
		if (is_culprit(in, &in->loaded[i]))
			return VF_ROLE_OF_OWN;
		role = VF_ROLE_OF_LOADED;
	}
	return role;
}

/* The culprit's image before any other; among equals the build that was registered first, so that
 * the answer does not depend on whether the crash or the image came first. */
static int64_t build_by_image(const struct vf_attribution_facts *in)
{
	int64_t best = 0;
	bool best_culprit = false;

	for (size_t i = 0; i < in->n_loaded; i++) {
		bool culprit = is_culprit(in, &in->loaded[i]);

		for (size_t k = 0; k < in->n_images; k++) {
			if (!same_image(&in->image[k].module, &in->loaded[i]))
				continue;
			if (best &&
				(best_culprit > culprit ||
					(best_culprit == culprit && best <= in->image[k].build_id)))
				continue;
			best = in->image[k].build_id;
			best_culprit = culprit;
		}
	}
	return best;
}

void vf_attribute(const struct vf_attribution_facts *in, struct vf_attribution_result *out)
{
	struct vf_build_ref b = {0};

	*out = (struct vf_attribution_result){0};
	if (in->explicit_build.id) {
		b = in->explicit_build;
		out->attribution = VF_ATTRIBUTION_EXPLICIT;
	} else if (in->run_build.id) {
		b = in->run_build;
		out->attribution = VF_ATTRIBUTION_RUN;
	} else if ((b.id = build_by_image(in)) != 0) {
		out->attribution = VF_ATTRIBUTION_IMAGE;
	} else {
		return;
	}
	out->build_id = b.id;
	out->role = role_in(in, &b);
}
