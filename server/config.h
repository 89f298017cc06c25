/*
 * Settings of verifleetd: one row each in config.def. Sources, the later wins: default, INI file,
 * environment, command line. Every source is checked the same way and refused with its name.
 */
#ifndef VF_SERVER_CONFIG_H
#define VF_SERVER_CONFIG_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "verifleet/status.h"

#define VF_CONFIG_TEXT 1024

enum vf_config_source { VF_FROM_DEFAULT, VF_FROM_FILE, VF_FROM_ENVIRONMENT, VF_FROM_OPTION };

#define VF_CONFIG_TEXT_MEMBER(name) char name[VF_CONFIG_TEXT];
#define VF_CONFIG_INT_MEMBER(name)  int64_t name;
#define VF_CONFIG_FLAG_MEMBER(name) bool name;
struct vf_config {
#define SETTING(kind, name, def, min, max, reload, help) VF_CONFIG_##kind##_MEMBER(name)
#include "server/config.def"
#undef SETTING
	char file[VF_CONFIG_TEXT]; /* the INI file that was read, or empty */
	unsigned char source[64];  /* enum vf_config_source, in the order of config.def */
};

/*
 * Takes the options out of `argv` (from index 1) and moves the other arguments to the front:
 * *argc counts what is left. `--` ends the options.
 */
VF_MUST enum vf_status vf_config_load(struct vf_config *, int *argc, char **argv, struct vf_err *);
/* Reads every source of `old` again, except its options, which stay as they were. */
VF_MUST enum vf_status vf_config_reload(
	struct vf_config *, const struct vf_config *old, struct vf_err *);
/* One setting from text; VF_E_NOTFOUND for an unknown name. */
VF_MUST enum vf_status vf_config_set(struct vf_config *, const char *name, const char *value,
	enum vf_config_source, struct vf_err *);
/* Text of an INI file; `name` is only for messages. */
VF_MUST enum vf_status vf_config_parse(
	struct vf_config *, const char *name, const char *text, struct vf_err *);
void vf_config_defaults(struct vf_config *);
/* What single rows cannot tell: TLS pairs, addresses beyond this machine. */
VF_MUST enum vf_status vf_config_check(const struct vf_config *, struct vf_err *);
void vf_config_print_help(FILE *);
void vf_config_print(const struct vf_config *, FILE *); /* INI with sources; secrets left out */
/* True for 127.0.0.0/8, ::1 and localhost. */
bool vf_config_is_loopback(const char *address);

#endif
