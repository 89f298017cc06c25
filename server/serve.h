/* The life of the server: start, wait, drain, stop. */
#ifndef VF_SERVER_SERVE_H
#define VF_SERVER_SERVE_H

#include "server/config.h"

/* Exit status of the process. Settings are complete and checked. */
int vf_serve(struct vf_config *);

#endif
