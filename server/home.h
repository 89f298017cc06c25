/*
 * Where the files of a running server lie, and with whose rights it touches them. Everything that
 * may be unreadable later (pages, migrations, API description, TLS key) is read here, before root
 * becomes user verifleet.
 */
#ifndef VF_SERVER_HOME_H
#define VF_SERVER_HOME_H

#include "server/config.h"
#include "server/http/static_files.h"
#include "server/store/migrate.h"

struct vf_home {
	char data_dir[1024], socket_dir[1024], dump_dir[1100];
	struct vf_migrations migrations;
	struct vf_static_files *files;
	char *openapi;
	size_t openapi_len;
	char *tls_cert, *tls_key;
};

/* `pages` false: only what the administration needs. */
VF_MUST enum vf_status vf_home_load(
	struct vf_home *, const struct vf_config *, bool pages, struct vf_err *);
/* Makes the directories and gives up the rights of root, for good. */
VF_MUST enum vf_status vf_home_enter(struct vf_home *, const struct vf_config *, struct vf_err *);
void vf_home_release(struct vf_home *);

#endif
