#include "server/http/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG 511

union address {
	struct sockaddr any;
	struct sockaddr_in four;
	struct sockaddr_in6 six;
};

static socklen_t parse(const char *text, int port, union address *out)
{
	memset(out, 0, sizeof *out);
	if (!strcmp(text, "localhost"))
		text = "127.0.0.1";
	if (inet_pton(AF_INET, text, &out->four.sin_addr) == 1) {
		out->four.sin_family = AF_INET;
		out->four.sin_port = htons((uint16_t)port);
		return sizeof out->four;
	}
	if (inet_pton(AF_INET6, text, &out->six.sin6_addr) == 1) {
		out->six.sin6_family = AF_INET6;
		out->six.sin6_port = htons((uint16_t)port);
		return sizeof out->six;
	}
	return 0;
}

static int port_of(int fd)
{
	union address a;
	socklen_t len = sizeof a;

	if (getsockname(fd, &a.any, &len))
		return 0;
	return ntohs(a.any.sa_family == AF_INET ? a.four.sin_port : a.six.sin6_port);
}

static enum vf_status busy(const char *text, int port, struct vf_err *err)
{
	return vf_fail(err, VF_E_CONFLICT,
		"port %d on %s is in use by another program: stop it, or choose another port with "
		"--port N (PORT=N for make run)",
		port, text);
}

static enum vf_status open_one(const char *text, int *port, int *out, struct vf_err *err)
{
	union address a;
	socklen_t len = parse(text, *port, &a);
	enum vf_status st;
	int fd;

	*out = -1;
	if (!len)
		return vf_fail(
			err, VF_E_INVALID, "\"%.60s\" is not a numeric address to listen on", text);
	fd = socket(a.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return vf_fail_sys(err, VF_E_IO, "cannot open a socket for %s", text);
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
	if (a.any.sa_family == AF_INET6)
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &(int){1}, sizeof(int));
	if (bind(fd, &a.any, len) || listen(fd, BACKLOG)) {
		if (errno == EADDRINUSE)
			st = busy(text, *port, err);
		else if (errno == EACCES)
			st = vf_fail(err, VF_E_DENIED,
				"port %d is reserved for root: choose one above 1023", *port);
		else
			st = vf_fail_sys(err, VF_E_IO, "cannot listen on %s port %d", text, *port);
		close(fd);
		return st;
	}
	*port = port_of(fd);
	*out = fd;
	return VF_OK;
}

enum vf_status vf_listen_open(
	const char *addresses, int *port, int fd[VF_LISTEN_MAX], size_t *n, struct vf_err *err)
{
	enum vf_status st = VF_OK;
	char text[64];

	*n = 0;
	while (!st && *addresses) {
		size_t len = strcspn(addresses, ",");

		if (!len || len >= sizeof text || *n == VF_LISTEN_MAX) {
			st = vf_fail(err, VF_E_INVALID,
				"listen must be 1 to %d addresses with commas", VF_LISTEN_MAX);
			break;
		}
		memcpy(text, addresses, len);
		text[len] = 0;
		st = open_one(text, port, &fd[*n], err);
		if (!st)
			++*n;
		else if (*n && !strcmp(text, "::1") && err &&
			 (err->sys == EADDRNOTAVAIL || err->sys == EAFNOSUPPORT))
			st = VF_OK; /* a machine without IPv6 */
		addresses += len + (addresses[len] == ',');
	}
	if (!st && !*n)
		st = vf_fail(err, VF_E_INVALID, "listen names no address");
	if (st) {
		vf_listen_close(fd, *n);
		*n = 0;
	}
	return st;
}

void vf_listen_close(int fd[VF_LISTEN_MAX], size_t n)
{
	for (size_t i = 0; i < n; i++)
		close(fd[i]);
}
