// What the Nanos kernel does with each Linux system call of x86-64, by name and number.
// Source: every `register_syscall` of nanos b9c3671d (July 2026): src/unix/*.c, src/net/netsyscall.c, src/x86_64/unix_machine.c.
// What is in no list is answered with ENOSYS.

/** Calls that have a handler. */
export const HANDLED = {
  read: 0, write: 1, open: 2, close: 3, stat: 4, fstat: 5, lstat: 6, poll: 7, lseek: 8, mmap: 9, mprotect: 10, munmap: 11, brk: 12,
  rt_sigaction: 13, rt_sigprocmask: 14, rt_sigreturn: 15, ioctl: 16, pread64: 17, pwrite64: 18, readv: 19, writev: 20, access: 21,
  pipe: 22, select: 23, sched_yield: 24, mremap: 25, msync: 26, mincore: 27, madvise: 28, dup: 32, dup2: 33, pause: 34, nanosleep: 35,
  getitimer: 36, alarm: 37, setitimer: 38, getpid: 39, sendfile: 40, socket: 41, connect: 42, accept: 43, sendto: 44, recvfrom: 45,
  sendmsg: 46, recvmsg: 47, shutdown: 48, bind: 49, listen: 50, getsockname: 51, getpeername: 52, socketpair: 53, setsockopt: 54,
  getsockopt: 55, clone: 56, exit: 60, kill: 62, uname: 63, fcntl: 72, fsync: 74, fdatasync: 75, truncate: 76, ftruncate: 77,
  getdents: 78, getcwd: 79, chdir: 80, fchdir: 81, rename: 82, mkdir: 83, rmdir: 84, creat: 85, link: 86, unlink: 87, symlink: 88,
  readlink: 89, umask: 95, gettimeofday: 96, getrlimit: 97, getrusage: 98, sysinfo: 99, times: 100, capget: 125, rt_sigpending: 127,
  rt_sigtimedwait: 128, rt_sigqueueinfo: 129, rt_sigsuspend: 130, sigaltstack: 131, utime: 132, statfs: 137, fstatfs: 138, prctl: 157,
  arch_prctl: 158, adjtimex: 159, setrlimit: 160, sync: 162, settimeofday: 164, gettid: 186, setxattr: 188, lsetxattr: 189,
  fsetxattr: 190, getxattr: 191, lgetxattr: 192, fgetxattr: 193, tkill: 200, time: 201, futex: 202, sched_setaffinity: 203,
  sched_getaffinity: 204, io_setup: 206, io_destroy: 207, io_getevents: 208, io_submit: 209, epoll_create: 213, getdents64: 217,
  set_tid_address: 218, fadvise64: 221, timer_create: 222, timer_settime: 223, timer_gettime: 224, timer_getoverrun: 225,
  timer_delete: 226, clock_settime: 227, clock_gettime: 228, clock_getres: 229, clock_nanosleep: 230, exit_group: 231, epoll_wait: 232,
  epoll_ctl: 233, tgkill: 234, utimes: 235, inotify_init: 253, inotify_add_watch: 254, inotify_rm_watch: 255, openat: 257, mkdirat: 258,
  newfstatat: 262, unlinkat: 263, renameat: 264, linkat: 265, symlinkat: 266, readlinkat: 267, faccessat: 269, pselect6: 270, ppoll: 271,
  set_robust_list: 273, get_robust_list: 274, utimensat: 280, epoll_pwait: 281, signalfd: 282, timerfd_create: 283, eventfd: 284,
  fallocate: 285, timerfd_settime: 286, timerfd_gettime: 287, accept4: 288, signalfd4: 289, eventfd2: 290, epoll_create1: 291, dup3: 292,
  pipe2: 293, inotify_init1: 294, preadv: 295, pwritev: 296, rt_tgsigqueueinfo: 297, recvmmsg: 299, prlimit64: 302, clock_adjtime: 305,
  syncfs: 306, sendmmsg: 307, getcpu: 309, renameat2: 316, getrandom: 318, copy_file_range: 326, statx: 332, io_uring_setup: 425,
  io_uring_enter: 426, io_uring_register: 427, clone3: 435,
} as const;

/** Calls that do nothing and answer 0 (`syscall_ignore`). */
export const IGNORED = {
  wait4: 61, flock: 73, chmod: 90, fchmod: 91, chown: 92, fchown: 93, lchown: 94, getuid: 102, getgid: 104, setuid: 105, setgid: 106,
  geteuid: 107, getegid: 108, setgroups: 116, capset: 126, sched_setscheduler: 144, sched_get_priority_max: 146,
  sched_get_priority_min: 147, mlock: 149, munlock: 150, mlockall: 151, munlockall: 152, fchownat: 260, fchmodat: 268, mlock2: 325,
} as const;

/** Calls without a handler that a program's author should hear about; other ones are tried by libc at every start. */
export const TELLING = { fork: 57, vfork: 58, execve: 59, memfd_create: 319, execveat: 322 } as const;
