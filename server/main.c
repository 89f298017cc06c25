/* verifleetd: keeps and serves the evidence. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "server/admin/admin.h"
#include "server/config.h"
#include "server/database.h"
#include "server/home.h"
#include "server/runtime/log.h"
#include "server/runtime/secret.h"
#include "server/serve.h"
#include "server/store/db.h"
#include "verifleet/status.h"
#include "verifleet/version.h"

static void help(void)
{
	puts("usage: verifleetd [serve] [OPTION]…   run the server\n"
	     "       verifleetd check-config        show every setting and where it comes from\n"
	     "       verifleetd version");
	vf_admin_usage();
	puts("\nOptions:");
	vf_config_print_help(stdout);
}

static int administer(const struct vf_config *config, int argc, char **argv)
{
	struct vf_database database = {0};
	struct vf_home home = {0};
	struct vf_err err = {0};
	struct vf_db *db = NULL;
	enum vf_status st;
	int code = 1;

	vf_log_init(VF_LOG_ERROR); /* refusals are told by the command itself */
	signal(SIGPIPE, SIG_IGN);
	st = vf_home_load(&home, config, false, &err);
	if (!st)
		st = vf_home_enter(&home, config, &err);
	if (!st)
		st = vf_database_join(&database, config, &home, !strcmp(argv[1], "migrate"), &err);
	if (!st)
		st = vf_pool_get(database.pool, &db, &err);
	if (st)
		fprintf(stderr, "verifleetd: %s\n", err.text);
	else
		code = vf_admin_run(db, &home.migrations, home.dump_dir, argc, argv);
	if (db)
		vf_pool_put(database.pool, db);
	vf_database_close(&database, false);
	vf_home_release(&home);
	return code;
}

static int refuse(const char *text)
{
	fprintf(stderr, "verifleetd: %s\n", text);
	return 2;
}

int main(int argc, char **argv)
{
	static struct vf_config config;
	struct vf_err err = {0};
	const char *command;

	for (int i = 1; i < argc; i++)
		if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) {
			help();
			return 0;
		}
	if (vf_secret_init(&err) || vf_config_load(&config, &argc, argv, &err))
		return refuse(err.text);
	command = argc > 1 ? argv[1] : "serve";
	if (!strcmp(command, "version")) {
		printf("verifleetd %s\n", VF_VERSION);
		return 0;
	}
	if (!strcmp(command, "help")) {
		help();
		return 0;
	}
	if (vf_config_check(&config, &err))
		return refuse(err.text);
	if (vf_admin_knows(command))
		return administer(&config, argc, argv);
	if (!strcmp(command, "check-config") && argc == 2) {
		vf_config_print(&config, stdout);
		return 0;
	}
	if (!strcmp(command, "serve") && argc <= 2)
		return vf_serve(&config);
	fprintf(stderr, "verifleetd: \"%s\" is not known; see verifleetd --help\n",
		argc > 2 ? argv[2] : command);
	return 2;
}
