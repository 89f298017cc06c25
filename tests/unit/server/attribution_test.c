/* Attribution: which build a crash counts for, and in what role. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "server/domain/attribution.h"
#include "verifleet/status.h"

#define NETX                                                                                       \
	{                                                                                          \
		"netx.sys", 0x5f000001, 0x9000                                                     \
	}
#define NETX2                                                                                      \
	{                                                                                          \
		"netx.sys", 0x5f000002, 0x9000                                                     \
	}
#define TCPIP                                                                                      \
	{                                                                                          \
		"tcpip.sys", 0x5e000000, 0x300000                                                  \
	}
#define HELP                                                                                       \
	{                                                                                          \
		"Help.sys", 0x5f000003, 0x4000                                                     \
	}

static const struct vf_module with_netx[] = {TCPIP, NETX, HELP};
static const struct vf_module with_netx2[] = {TCPIP, NETX2};
static const struct vf_module without[] = {TCPIP};
static const struct vf_image netx_is_7[] = {{NETX, 7}};
static const struct vf_image netx_7_help_3[] = {{NETX, 7}, {{"HELP.SYS", 0x5f000003, 0x4000}, 3}};
static const struct vf_image netx_7_help_9[] = {{{"HELP.SYS", 0x5f000003, 0x4000}, 9}, {NETX, 7}};

#define LIST(l)     .loaded = (l), .n_loaded = VF_ARRAY_LEN(l)
#define IMAGES(l)   .image = (l), .n_images = VF_ARRAY_LEN(l)
#define EXPLICIT(n) .explicit_build = {(n), "netx.sys"}
#define RUN(n)      .run_build = {(n), "netx.sys"}

static const struct {
	const char *what;
	struct vf_attribution_facts in;
	const char *attribution, *role;
	int64_t build;
} table[] = {
	{"nothing known", {LIST(with_netx), .culprit_module = "netx.sys"}, "none", "none", 0},
	{"explicit beats run and image",
		{LIST(with_netx), IMAGES(netx_is_7), EXPLICIT(5), RUN(6),
			.culprit_module = "netx.sys"},
		"explicit", "own", 5},
	{"run beats image",
		{LIST(with_netx), IMAGES(netx_is_7), RUN(6), .culprit_module = "tcpip.sys"}, "run",
		"loaded", 6},
	{"image of the culprit", {LIST(with_netx), IMAGES(netx_is_7), .culprit_module = "NETX.SYS"},
		"image", "own", 7},
	{"image loaded, another module crashed",
		{LIST(with_netx), IMAGES(netx_is_7), .culprit_module = "tcpip.sys"}, "image",
		"loaded", 7},
	{"image loaded, culprit unknown", {LIST(with_netx), IMAGES(netx_is_7)}, "image", "loaded",
		7},
	{"another build of the same name is not the image",
		{LIST(with_netx2), IMAGES(netx_is_7), .culprit_module = "netx.sys"}, "none", "none",
		0},
	{"explicit, but another image of that name was loaded",
		{LIST(with_netx2), IMAGES(netx_is_7), EXPLICIT(7), .culprit_module = "netx.sys"},
		"explicit", "other", 7},
	{"explicit, not loaded", {LIST(without), EXPLICIT(5), .culprit_module = "tcpip.sys"},
		"explicit", "other", 5},
	{"explicit, no images: the name counts",
		{LIST(with_netx2), EXPLICIT(5), .culprit_module = "netx.sys"}, "explicit", "own",
		5},
	{"explicit, no images, loaded only",
		{LIST(with_netx2), EXPLICIT(5), .culprit_module = "tcpip.sys"}, "explicit",
		"loaded", 5},
	{"run, no list of modules", {RUN(6), .culprit_module = "tcpip.sys"}, "run", "other", 6},
	{"run, no list, the event names the driver", {RUN(6), .culprit_module = "netx.sys"}, "run",
		"own", 6},
	{"the culprit's image before an older build's",
		{LIST(with_netx), IMAGES(netx_7_help_3), .culprit_module = "netx.sys"}, "image",
		"own", 7},
	{"no culprit among them: the build registered first",
		{LIST(with_netx), IMAGES(netx_7_help_3), .culprit_module = "tcpip.sys"}, "image",
		"loaded", 3},
	{"the order of the lists does not matter",
		{LIST(with_netx), IMAGES(netx_7_help_9), .culprit_module = "tcpip.sys"}, "image",
		"loaded", 7},
};

static void test_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < VF_ARRAY_LEN(table); i++) {
		struct vf_attribution_result out;

		vf_attribute(&table[i].in, &out);
		if (out.build_id != table[i].build ||
			strcmp(vf_attribution_word(out.attribution), table[i].attribution) ||
			strcmp(vf_evidence_role_word(out.role), table[i].role))
			fail_msg("%s: %s, %s, build %lld", table[i].what,
				vf_attribution_word(out.attribution),
				vf_evidence_role_word(out.role), (long long)out.build_id);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_table)};

	return cmocka_run_group_tests_name("attribution", tests, NULL, NULL);
}
