// The tracer: answers the few system calls that Nanos answers otherwise, and under weak isolation maps paths.
#include "init.h"
#include <linux/ptrace.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>

// what the filter asks for in the low 16 bits of SECCOMP_RET_TRACE (`syscall-filter.ts`)
enum { EXEC = 1, REFUSE, UNAME, SYSINFO, GETCWD, PATH = 0x8000 };
// and with PATH: argument numbers of one or two paths and of open flags (7: none), then properties
#define FIRST(kind) ((kind) & 7)
#define SECOND(kind) ((kind) >> 3 & 7)
#define FLAGS(kind) ((kind) >> 6 & 7)
enum { WRITES = 1 << 9, AT = 1 << 10, CHDIR = 1 << 11 };
enum { WRITE_FLAGS = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC, MAX_NOTES = 64, PAGE = 4096, RED_ZONE = 128 };

static char cwd[PATH_MAX];
static int notes;

static void note(const char *word, long number, const char *text) {
  if (notes++ < MAX_NOTES) report(word, number, text);
}

static long read_text(long thread, unsigned long address, char *buffer) {
  for (unsigned long done = 0; done < PATH_MAX;) {
    unsigned long size = PAGE - (address + done) % PAGE;
    if (size > PATH_MAX - done) size = PATH_MAX - done;
    struct iovec local = {buffer + done, size}, remote = {(void *)(address + done), size};
    if (sys(SYS_process_vm_readv, thread, &local, 1, &remote, 1, 0) <= 0) return -1;
    for (unsigned long end = done + size; done < end; done++)
      if (!buffer[done]) return done;
  }
  return -1;
}

static long write_bytes(long thread, unsigned long address, const char *start, unsigned long length) {
  struct iovec local = {(void *)start, length}, remote = {(void *)address, length};
  return sys(SYS_process_vm_writev, thread, &local, 1, &remote, 1, 0);
}

// ends the system call before it runs, with this result
static void answer(struct user_regs_struct *registers, long result) {
  registers->orig_rax = -1;
  registers->rax = result;
}

static unsigned long *argument(struct user_regs_struct *registers, int number) {
  unsigned long long *all[] = {&registers->rdi, &registers->rsi, &registers->rdx, &registers->r10, &registers->r8, &registers->r9};
  return (unsigned long *)all[number];
}

// what follows `folder` in `path`, or null when it is not inside
static const char *below(const char *path, const char *folder) {
  while (*folder && *path == *folder) path++, folder++;
  return *folder == 0 && (*path == 0 || *path == '/') ? path : 0;
}

static int is_kernels(const char *path) {
  const char *rest;
  static const char *const files[] = {"/dev/null", "/dev/urandom", "/proc/self/maps"};
  for (int i = 0; i < 3; i++)
    if ((rest = below(path, files[i])) && !*rest) return 1;
  return 0;
}

/** One path of a call. Gives 0 where the root is read-only and the call would write there. */
static int on_path(long thread, struct user_regs_struct *registers, int kind, int index, int slot) {
  char path[PATH_MAX], absolute[PATH_MAX];
  unsigned long *address = argument(registers, index);
  int writes = kind & WRITES || (FLAGS(kind) < 6 && *argument(registers, FLAGS(kind)) & WRITE_FLAGS);
  if (*address == 0 || read_text(thread, *address, path) < 0) return 1;
  absolute[0] = 0;
  if (path[0] != '/') {
    if (kind & AT && (int)*argument(registers, index - 1) != AT_FDCWD) return 1;
    append(absolute, cwd);
    if (length_of(cwd) > 1) append(absolute, "/");
  }
  append(absolute, path);
  if (kind & CHDIR) {
    cwd[0] = 0;
    append(cwd, absolute);
  }
  const char *shared = *config.mount_point ? below(absolute, config.mount_point) : 0;
  if (writes && !shared) {
    note("wrote", 0, absolute);
    if (!config.has_namespaces && config.is_readonly && !is_kernels(absolute)) return 0;
  }
  if (config.has_namespaces || path[0] != '/' || is_kernels(absolute)) return 1;
  char mapped[PATH_MAX] = "";
  append(mapped, shared ? config.workspace : config.root);
  append(mapped, shared ? shared : absolute);
  unsigned long place = registers->rsp - RED_ZONE - (unsigned long)(slot + 1) * PATH_MAX;
  if (write_bytes(thread, place, mapped, length_of(mapped) + 1) > 0) *address = place;
  return 1;
}

static void on_call(long thread) {
  static int has_started;
  unsigned long kind = 0;
  struct user_regs_struct registers;
  sys(SYS_ptrace, PTRACE_GETEVENTMSG, thread, 0, &kind);
  if (sys(SYS_ptrace, PTRACE_GETREGS, thread, 0, &registers) < 0) return;
  if (kind & PATH) {
    int goes_on = on_path(thread, &registers, kind, FIRST(kind), 0);
    if (goes_on && SECOND(kind) < 6) goes_on = on_path(thread, &registers, kind, SECOND(kind), 1);
    if (!goes_on) answer(&registers, -EROFS);
  } else if (kind == UNAME || kind == SYSINFO) {
    struct bytes value = kind == UNAME ? config.utsname : config.sysinfo;
    answer(&registers, write_bytes(thread, registers.rdi, value.start, value.length) < 0 ? -EFAULT : 0);
  } else if (kind == GETCWD) {
    unsigned long size = length_of(cwd) + 1;
    if (size > registers.rsi) answer(&registers, -ERANGE);
    else answer(&registers, write_bytes(thread, registers.rdi, cwd, size));
  } else if (kind == EXEC && !has_started) {
    has_started = 1;
    return;
  } else {
    note("refused", registers.orig_rax, "");
    answer(&registers, -ENOSYS);
  }
  sys(SYS_ptrace, PTRACE_SETREGS, thread, 0, &registers);
}

void trace(long program) {
  struct rusage usage;
  int status;
  append(cwd, config.cwd);
  for (;;) {
    long thread = sys(SYS_wait4, -1, &status, __WALL, &usage);
    if (thread == -EINTR) continue;
    if (thread < 0) return;
    if (!WIFSTOPPED(status)) {
      if (thread != program) continue;
      report("peak", usage.ru_maxrss, "");
      if (WIFEXITED(status)) report("exit", WEXITSTATUS(status), "");
      else report("signal", WTERMSIG(status), "");
      return;
    }
    int event = status >> 16, signal = WSTOPSIG(status);
    if (event == PTRACE_EVENT_SECCOMP) on_call(thread);
    int is_group_stop = event == PTRACE_EVENT_STOP && (signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU);
    sys(SYS_ptrace, is_group_stop ? PTRACE_LISTEN : PTRACE_CONT, thread, 0, event ? 0 : signal);
  }
}
