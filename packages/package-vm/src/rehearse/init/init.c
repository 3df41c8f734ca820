// The init of a rehearsal: the process in front of the program. It builds the sandbox, starts the program in it as pid 2,
// watches it, and writes a report. Freestanding, so that it runs on any x86-64 Linux; `build.sh` makes `init-program.ts` of it.
#include "init.h"
#include <linux/ptrace.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

struct config config;
static long report_fd;

unsigned long length_of(const char *text) {
  unsigned long length = 0;
  while (text[length]) length++;
  return length;
}

void append(char *buffer, const char *text) {
  unsigned long end = length_of(buffer);
  while (*text && end < PATH_MAX - 1) buffer[end++] = *text++;
  buffer[end] = 0;
}

void report(const char *word, long number, const char *text) {
  char line[PATH_MAX] = "", digits[24], *digit = digits + sizeof digits;
  unsigned long rest = number < 0 ? -number : number;
  *--digit = 0;
  do *--digit = '0' + rest % 10;
  while (rest /= 10);
  append(line, word);
  append(line, number < 0 ? " -" : " ");
  append(line, digit);
  append(line, " ");
  append(line, text);
  for (char *c = line; *c; c++)
    if (*c == '\n') *c = '?';
  line[PATH_MAX - 2] = 0;
  append(line, "\n");
  sys(SYS_write, report_fd, line, length_of(line));
}

void fail(const char *step, long result) {
  report("failed", -result, step);
  sys(SYS_exit_group, 125);
  __builtin_unreachable();
}

static const char *cursor;

static struct bytes take(void) {
  struct bytes field = {cursor + 4, *(const uint32_t *)cursor};
  cursor += 4 + field.length;
  return field;
}

static long take_number(void) {
  long value = 0;
  struct bytes field = take();
  for (const char *c = field.start; *c; c++) value = value * 10 + (*c - '0');
  return value;
}

static const char **take_list(void) {
  static const char *items[1 << 16];
  static long used;
  const char **list = items + used;
  for (long count = take_number(); count > 0; count--) {
    if (used >= (1 << 16) - 2) fail("arguments", -E2BIG);
    items[used++] = take().start;
  }
  items[used++] = 0;
  return list;
}

static void read_config(const char *path) {
  struct stat stat;
  long fd = sys(SYS_open, path, O_RDONLY | O_CLOEXEC);
  sys(SYS_fstat, fd, &stat);
  cursor = (const char *)sys(SYS_mmap, 0, stat.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
  if (fd < 0 || (long)cursor < 0) sys(SYS_exit_group, 125);
  report_fd = sys(SYS_open, take().start, O_WRONLY | O_APPEND | O_CLOEXEC);
  config.has_namespaces = take_number();
  config.parent = take_number();
  config.is_readonly = take_number();
  config.cpus = take_number();
  config.memory_bytes = take_number();
  config.root = take().start;
  config.workspace = take().start;
  config.mount_point = take().start;
  config.is_mount_readonly = take_number();
  config.cwd = take().start;
  config.program = take().start;
  config.filter = take();
  config.utsname = take();
  config.sysinfo = take();
  config.arguments = take_list();
  config.environment = take_list();
}

// as many CPUs as the VM has, spread over the machine when many rehearse at once
static void restrict_cpus(void) {
  unsigned char allowed[1024] = {0}, chosen[1024] = {0};
  long count = 0, size = sys(SYS_sched_getaffinity, 0, sizeof allowed, allowed) * 8;
  for (long cpu = 0; cpu < size; cpu++) count += allowed[cpu / 8] >> cpu % 8 & 1;
  if (count <= config.cpus) return;
  long skip = sys(SYS_getpid) % count, taken = 0;
  for (long cpu = 0; taken < config.cpus; cpu = (cpu + 1) % size) {
    if (!(allowed[cpu / 8] >> cpu % 8 & 1) || skip-- > 0) continue;
    chosen[cpu / 8] |= 1 << cpu % 8;
    taken++;
  }
  must("affinity", sys(SYS_sched_setaffinity, 0, sizeof chosen, chosen));
}

// started as root: act as the owner of the workspace, who may write there without any capability
static void become_owner(void) {
  struct stat stat;
  must("workspace", sys(SYS_chdir, config.workspace));
  must("workspace", sys(SYS_stat, ".", &stat));
  if (sys(SYS_geteuid) != 0 || stat.st_uid == 0) return;
  must("owner", sys(SYS_setgroups, 0, 0));
  must("owner", sys(SYS_setresgid, stat.st_gid, stat.st_gid, stat.st_gid));
  must("owner", sys(SYS_setresuid, stat.st_uid, stat.st_uid, stat.st_uid));
  must("owner", sys(SYS_prctl, PR_SET_DUMPABLE, 1)); // else /proc/self/uid_map belongs to root
}

/** Forks; the child dies with this process and goes on only when `release` was called. */
static long fork_held(int gate[2]) {
  must("pipe", sys(SYS_pipe2, gate, O_CLOEXEC));
  long child = sys(SYS_fork);
  must("fork", child);
  if (child == 0) {
    char byte;
    sys(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL);
    sys(SYS_close, gate[1]);
    if (sys(SYS_read, gate[0], &byte, 1) != 1) sys(SYS_exit_group, 125); // the parent is gone
  }
  return child;
}

static void release(int gate[2]) { sys(SYS_write, gate[1], "", 1); }

static void run_program(void) {
  int gate[2];
  long program = fork_held(gate);
  if (program == 0) {
    if (config.has_namespaces) enter_root();
    become_program();
  }
  long tracing = sys(SYS_ptrace, PTRACE_SEIZE, program, 0, PTRACE_O_EXITKILL | PTRACE_O_TRACESECCOMP | PTRACE_O_TRACECLONE);
  must("trace", tracing);
  release(gate);
  trace(program);
}

void start(long *stack) {
  int gate[2];
  read_config((const char *)stack[2]);
  restrict_cpus();
  limit("open files", RLIMIT_NOFILE, 65536); // root may raise it, later there is no root
  become_owner();
  if (config.has_namespaces) enter_namespaces();
  sys(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL); // after the last change of credentials, which clears it
  if (sys(SYS_getppid) != config.parent) sys(SYS_exit_group, 125);
  if (!config.has_namespaces) {
    run_program();
  } else {
    long child = fork_held(gate);
    if (child == 0) {
      run_program();
      sys(SYS_exit_group, 0);
    }
    release(gate);
    sys(SYS_wait4, child, 0, __WALL, 0);
  }
  sys(SYS_exit_group, 0);
}

asm(".globl _start\n_start: mov %rsp, %rdi\n and $-16, %rsp\n call start");

void *memset(void *target, int value, unsigned long count) {
  void *start = target;
  asm volatile("rep stosb" : "+D"(target), "+c"(count) : "a"(value) : "memory");
  return start;
}

void *memcpy(void *target, const void *source, unsigned long count) {
  void *start = target;
  asm volatile("rep movsb" : "+D"(target), "+S"(source), "+c"(count) : : "memory");
  return start;
}
