#include "server/cluster/owner.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/cluster/spawn.h"

bool vf_owner_is_root(void)
{
	return geteuid() == 0;
}

static bool look_up(uid_t *uid, gid_t *gid)
{
	const struct passwd *pw = getpwnam(VF_OWNER_NAME);

	if (!pw)
		return false;
	*uid = pw->pw_uid;
	*gid = pw->pw_gid;
	return true;
}

static enum vf_status ensure_user(uid_t *uid, gid_t *gid, struct vf_err *err)
{
	const char *const argv[] = {"useradd", "--system", "--user-group", "--home-dir",
		"/var/lib/verifleet", "--no-create-home", "--shell", "/usr/sbin/nologin",
		VF_OWNER_NAME, NULL};
	enum vf_status st;

	if (!look_up(uid, gid)) {
		st = vf_spawn_wait("/usr/sbin/useradd", argv, NULL, 30000, err);
		if (st)
			return st;
		if (!look_up(uid, gid))
			return vf_fail(err, VF_E_NOTFOUND, "there is no user " VF_OWNER_NAME);
	}
	if (!*uid)
		return vf_fail(err, VF_E_DENIED, "user " VF_OWNER_NAME " must not be root");
	return VF_OK;
}

enum vf_status vf_owner_choose(const char *data_dir, uid_t *uid, gid_t *gid, struct vf_err *err)
{
	const struct passwd *pw;
	struct stat sb;

	*uid = getuid();
	*gid = getgid();
	if (!vf_owner_is_root())
		return VF_OK;
	if (lstat(data_dir, &sb) || !S_ISDIR(sb.st_mode) || !sb.st_uid)
		return ensure_user(uid, gid, err);
	pw = getpwuid(sb.st_uid);
	*uid = sb.st_uid;
	*gid = pw ? pw->pw_gid : sb.st_gid;
	return *gid ? VF_OK
		    : vf_fail(err, VF_E_DENIED, "%s belongs to a user in the group of root",
			      data_dir);
}

enum vf_status vf_owner_make_dir(const char *path, uid_t uid, gid_t gid, struct vf_err *err)
{
	char part[4096];
	struct stat sb;
	size_t len = strlen(path);

	if (path[0] != '/' || len >= sizeof part)
		return vf_fail(err, VF_E_INVALID, "%s is not an absolute path", path);
	for (size_t i = 1; i <= len; i++) {
		if (path[i] != '/' && path[i] != 0)
			continue;
		memcpy(part, path, i);
		part[i] = 0;
		/* Parents keep the usual mode, so that the owner can pass through them. */
		if (mkdir(part, path[i] ? 0755 : 0700) && errno != EEXIST)
			return vf_fail_sys(err, VF_E_IO, "cannot make the directory %s", part);
	}
	if (lstat(path, &sb))
		return vf_fail_sys(err, VF_E_IO, "cannot look at %s", path);
	if (!S_ISDIR(sb.st_mode))
		return vf_fail(err, VF_E_INVALID, "%s is not a directory", path);
	if (sb.st_uid != uid && (sb.st_uid != 0 || lchown(path, uid, gid)))
		return vf_fail(err, VF_E_DENIED,
			"%s belongs to another user (id %u): start the server as that user, or "
			"choose "
			"another --data-dir",
			path, (unsigned)sb.st_uid);
	if ((sb.st_mode & 0777) != 0700 && chmod(path, 0700))
		return vf_fail_sys(err, VF_E_IO, "cannot set the mode of %s", path);
	return VF_OK;
}

enum vf_status vf_owner_become(uid_t uid, gid_t gid, struct vf_err *err)
{
	if (setgroups(0, NULL) || setresgid(gid, gid, gid) || setresuid(uid, uid, uid))
		return vf_fail_sys(err, VF_E_IO, "cannot become user %u", (unsigned)uid);
	if (setuid(0) == 0 || geteuid() != uid || getegid() != gid)
		return vf_fail(err, VF_E_DENIED, "the rights of root could not be given up");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return vf_fail_sys(err, VF_E_IO, "cannot forbid new privileges");
	(void)!chdir("/");
	return VF_OK;
}
