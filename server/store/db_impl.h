/* The inside of a connection, for pool.c, db.c and rows.c only. */
#ifndef VF_SERVER_STORE_DB_IMPL_H
#define VF_SERVER_STORE_DB_IMPL_H

#include <libpq-fe.h>

#include "server/store/db.h"

#define VF_MAX_PREPARED 512u /* a power of two: statements of one connection */

struct vf_prepared {
	uint64_t name, sql; /* hashes; name 0 = free slot */
};

struct vf_db {
	PGconn *conn; /* NULL: must be opened before the next use */
	struct vf_db *next_idle;
	struct vf_pool *pool;
	bool in_tx; /* stays set when the connection breaks inside: nothing may run before a
		       rollback */
	unsigned n_prepared;
	struct vf_prepared prepared[VF_MAX_PREPARED];
};

struct vf_rows {
	PGresult *res;
};

/* Opens the connection unless it stands; VF_E_AGAIN at once while the database is away. */
VF_MUST enum vf_status vf_db_ensure_open(struct vf_db *, struct vf_err *);
void vf_db_close(struct vf_db *);
/* One line: what libpq and the server say may hold several. */
void vf_db_first_line(const char *text, char out[200]);

#endif
