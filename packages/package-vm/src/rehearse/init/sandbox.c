// Namespaces, the root, limits: everything that has to be in place before the program's first instruction.
#include "init.h"
#include <linux/capability.h>
#include <linux/close_range.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <linux/securebits.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/statfs.h>

static void write_file(const char *step, const char *path, const char *text) {
  long fd = sys(SYS_open, path, O_WRONLY | O_CLOEXEC);
  must(step, fd);
  must(step, sys(SYS_write, fd, text, length_of(text)));
  sys(SYS_close, fd);
}

static void map_to_root(const char *step, const char *path, unsigned long id) {
  char line[32] = "", digits[16], *digit = digits + sizeof digits;
  *--digit = 0;
  do *--digit = '0' + id % 10;
  while (id /= 10);
  char *parts[] = {"0 ", digit, " 1"};
  unsigned long end = 0;
  for (int part = 0; part < 3; part++)
    for (char *c = parts[part]; *c; c++) line[end++] = *c;
  write_file(step, path, line);
}

static void bring_loopback_up(void) {
  struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP};
  long fd = sys(SYS_socket, AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  must("loopback", fd);
  must("loopback", sys(SYS_ioctl, fd, SIOCSIFFLAGS, &request));
  sys(SYS_close, fd);
}

void enter_namespaces(void) {
  unsigned long uid = sys(SYS_geteuid), gid = sys(SYS_getegid);
  must("user-namespace", sys(SYS_unshare, CLONE_NEWUSER));
  map_to_root("uid-map", "/proc/self/uid_map", uid);
  write_file("uid-map", "/proc/self/setgroups", "deny");
  map_to_root("uid-map", "/proc/self/gid_map", gid);
  must("namespaces", sys(SYS_unshare, CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS));
  bring_loopback_up();
  must("hostname", sys(SYS_sethostname, "", 0));
}

static const char *inside(const char *path) {
  static char buffer[PATH_MAX];
  buffer[0] = 0;
  append(buffer, config.root);
  append(buffer, path);
  return buffer;
}

// flags that the host's mount has already are locked in a user namespace: keep them
static void restrict_mount(const char *path, unsigned long flags) {
  struct statfs stat;
  must("mount", sys(SYS_statfs, path, &stat));
  unsigned long kept = stat.f_flags & (MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC);
  must("mount", sys(SYS_mount, 0, path, 0, MS_REMOUNT | MS_BIND | kept | flags, 0));
}

void enter_root(void) {
  static const char *const files[] = {"/dev/null", "/dev/urandom", "/proc/self/maps"};
  must("mount", sys(SYS_mount, 0, "/", 0, MS_REC | MS_PRIVATE, 0));
  must("mount", sys(SYS_mount, config.root, config.root, 0, MS_BIND, 0));
  // maps: resolved now, so it is this process's, which becomes the program
  for (int i = 0; i < 3; i++) must("mount", sys(SYS_mount, files[i], inside(files[i]), 0, MS_BIND, 0));
  if (*config.mount_point) {
    // `.` is the workspace: its path may lead through folders that only root may enter
    must("mount-workspace", sys(SYS_mount, ".", inside(config.mount_point), 0, MS_BIND | MS_REC, 0));
    restrict_mount(inside(config.mount_point), MS_NOSUID | MS_NODEV | (config.is_mount_readonly ? MS_RDONLY : 0));
  }
  restrict_mount(config.root, MS_NOSUID | MS_NODEV | (config.is_readonly ? MS_RDONLY : 0));
  must("pivot-root", sys(SYS_chdir, config.root));
  must("pivot-root", sys(SYS_pivot_root, ".", "."));
  must("pivot-root", sys(SYS_umount2, ".", MNT_DETACH));
  must("pivot-root", sys(SYS_chdir, "/"));
}

void limit(const char *name, int resource, unsigned long value) {
  struct rlimit limit = {value, value}, host;
  must("limits", sys(SYS_prlimit64, 0, resource, 0, &host));
  if (resource == RLIMIT_STACK && value < host.rlim_max) limit.rlim_max = host.rlim_max; // Nanos: a soft limit only
  if (sys(SYS_prlimit64, 0, resource, &limit, 0) == 0) return;
  limit.rlim_cur = limit.rlim_max = host.rlim_max;
  must("limits", sys(SYS_prlimit64, 0, resource, &limit, 0));
  report("limit", limit.rlim_cur, name);
}

// whatever this machine left open in us (close_range is of Linux 5.9)
static void close_others(void) {
  if (sys(SYS_close_range, 3, ~0u, CLOSE_RANGE_CLOEXEC) == 0) return;
  for (int fd = 3; fd < 65536; fd++) sys(SYS_fcntl, fd, F_SETFD, FD_CLOEXEC);
}

static void drop_capabilities(void) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct none[2] = {{0, 0, 0}, {0, 0, 0}};
  for (int capability = 0; capability < 64; capability++) sys(SYS_prctl, PR_CAPBSET_DROP, capability);
  sys(SYS_prctl, PR_SET_SECUREBITS, SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP | SECBIT_NO_SETUID_FIXUP_LOCKED);
  sys(SYS_prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL);
  must("capabilities", sys(SYS_capset, &header, none));
  must("capabilities", sys(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1));
}

void become_program(void) {
  struct sock_fprog filter = {config.filter.length / sizeof(struct sock_filter), (struct sock_filter *)config.filter.start};
  must("cwd", sys(SYS_chdir, config.has_namespaces ? config.cwd : inside(config.cwd)));
  limit("stack", RLIMIT_STACK, 2 << 20);
  limit("core", RLIMIT_CORE, 0);
  limit("memory", RLIMIT_DATA, config.memory_bytes);
  drop_capabilities();
  close_others();
  must("filter", sys(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter));
  long result = sys(SYS_execve, config.program, config.arguments, config.environment);
  report("exec-failed", -result, config.program);
  sys(SYS_exit_group, 125);
  __builtin_unreachable();
}
