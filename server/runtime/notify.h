/* Tells systemd what the service does (the documented datagram); nothing without NOTIFY_SOCKET. */
#ifndef VF_SERVER_RUNTIME_NOTIFY_H
#define VF_SERVER_RUNTIME_NOTIFY_H

void vf_notify(const char *state); /* "READY=1", "STOPPING=1", "STATUS=…" */

#endif
