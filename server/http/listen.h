/* Listening sockets, opened before rights are dropped and before anything slow is done. */
#ifndef VF_SERVER_HTTP_LISTEN_H
#define VF_SERVER_HTTP_LISTEN_H

#include "server/http/listener.h"

/*
 * One socket for each of the comma-separated addresses, all on one port; *port 0 takes a free one
 * and is set. A second loopback address that the machine does not have is left out.
 */
VF_MUST enum vf_status vf_listen_open(
	const char *addresses, int *port, int fd[VF_LISTEN_MAX], size_t *n, struct vf_err *);
void vf_listen_close(int fd[VF_LISTEN_MAX], size_t n);

#endif
