/*
 * The command line's side of the API: where the server is, which token to show, one request.
 *
 * Server and token come from --server and --token, else from VERIFLEET_SERVER and VERIFLEET_TOKEN,
 * else from cli.ini (~/.config/verifleet/cli.ini, written by `verifleet login` with mode 0600).
 * What fails is said on stderr in one sentence; functions that return NULL have said it.
 */
#ifndef VF_AGENT_CLI_CLIENT_H
#define VF_AGENT_CLI_CLIENT_H

#include <jansson.h>
#include <stdbool.h>

#include "agent/posix/posix.h"

struct vf_client {
	const char *command; /* for messages: "build create" */
	char server[256], token[256], ca_file[512];
	bool quiet; /* a refusal of the server is not printed, only returned */
	struct vf_posix_http http;
	int status;        /* of the last answer; 0 = none came */
	char problem[400]; /* why the last call failed */
	char slug[48];     /* of its problem document, "" = none */
	uint64_t received; /* of its problem document */
};

/*
 * Takes --server, --token, --ca-file and their values out of argv (the rest moves up, argc shrinks)
 * and fills in what they leave open. False, with a message, when an option lacks its value.
 */
VF_MUST bool vf_client_options(struct vf_client *c, const char *command, int *argc, char **argv);
/* False, with a message, when no server is known or its address is wrong. */
VF_MUST bool vf_client_open(struct vf_client *c);
void vf_client_close(struct vf_client *c);

/* One request with JSON both ways; `body` may be NULL and is borrowed. A new reference (JSON null
 * for an empty answer), or NULL after a failure or a status that is not 2xx. */
json_t *vf_client_call(
	struct vf_client *c, const char *method, const char *path, const json_t *body);
/* Bytes up, JSON down. */
json_t *vf_client_send(
	struct vf_client *c, const char *method, const char *path, const void *data, size_t len);
/* Bytes down, into a buffer that the caller has given its ceiling. */
VF_MUST bool vf_client_get(struct vf_client *c, const char *path, struct vf_buf *out);

/* The id of a build that was named by id or as driver/branch/seq; 0 with a message when it is none.
 * `project` may be NULL. */
int64_t vf_client_build(struct vf_client *c, const char *name, const char *project);
/* Appends text to a query, percent-encoded. */
void vf_client_quote(struct vf_buf *out, const char *text);
/* The place of cli.ini. */
void vf_client_config_path(char *out, size_t size);

#endif
