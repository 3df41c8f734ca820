// What the pieces of the init share: system calls without a C library, the configuration, and the report.
#pragma once
#include <asm/errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <sys/syscall.h>

static inline long sys6(long number, long a, long b, long c, long d, long e, long f) {
  register long r10 asm("r10") = d, r8 asm("r8") = e, r9 asm("r9") = f;
  asm volatile("syscall" : "+a"(number) : "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9) : "rcx", "r11", "memory");
  return number;
}
#define SYS_PAD(n, a, b, c, d, e, f, ...) sys6(n, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))
/** A system call by number; gives its result or a negated errno. */
#define sys(...) SYS_PAD(__VA_ARGS__, 0, 0, 0, 0, 0, 0)

struct bytes {
  const char *start;
  uint32_t length;
};

/** Read from a file of length-prefixed fields in this order (`init-config.ts`). */
struct config {
  long has_namespaces; // 0: weak isolation
  long parent;         // process that must be alive, or everything ends
  long is_readonly;    // the root
  long cpus, memory_bytes;
  const char *root;        // folder with the image's tree
  const char *workspace;   // folder of the host
  const char *mount_point; // inside the root; empty: nothing is mounted
  long is_mount_readonly;
  const char *cwd;     // inside the root
  const char *program; // path given to execve
  struct bytes filter, utsname, sysinfo;
  const char **arguments, **environment;
};
extern struct config config;

unsigned long length_of(const char *text);
/** Appends to a string in a buffer of PATH_MAX bytes, cutting what does not fit. */
void append(char *buffer, const char *text);

/** Writes one line, `word number text`, to the report. */
void report(const char *word, long number, const char *text);
/** Reports which step failed and how, and ends this process. */
_Noreturn void fail(const char *step, long result);
#define must(step, call) do { long result_ = (call); if (result_ < 0) fail(step, result_); } while (0)

/** Sets a limit, soft and hard, as far as this machine allows; reports when it allows less. */
void limit(const char *name, int resource, unsigned long value);
/** Enters user, mount, pid, net, ipc and uts namespaces of its own; children are inside. */
void enter_namespaces(void);
/** Makes the image's tree the root of this process, with nothing else in sight. */
void enter_root(void);
/** Limits, capabilities, system call filter; then becomes the program. */
_Noreturn void become_program(void);
/** Follows the program's system calls that need it until the program ends, and reports how. */
void trace(long program);
