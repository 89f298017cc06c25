#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "server/runtime/notify.h"

static void sends_one_datagram(void **state)
{
	struct sockaddr_un sun = {.sun_family = AF_UNIX};
	char text[64] = "", path[64];
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	(void)state;
	snprintf(path, sizeof path, "/tmp/vf-notify-%d", (int)getpid());
	memcpy(sun.sun_path, path, strlen(path) + 1);
	assert_int_equal(bind(fd, (struct sockaddr *)&sun, sizeof sun), 0);
	setenv("NOTIFY_SOCKET", path, 1);
	vf_notify("READY=1");
	assert_int_equal(recv(fd, text, sizeof text, MSG_DONTWAIT), 7);
	assert_string_equal(text, "READY=1");
	unsetenv("NOTIFY_SOCKET");
	vf_notify("STOPPING=1");
	assert_int_equal(recv(fd, text, sizeof text, MSG_DONTWAIT), -1);
	setenv("NOTIFY_SOCKET", "relative", 1);
	vf_notify("STOPPING=1"); /* refused, and nothing happens */
	unsetenv("NOTIFY_SOCKET");
	close(fd);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(sends_one_datagram)};

	return cmocka_run_group_tests_name("notify", tests, NULL, NULL);
}
