// What a program sees (`probe see`), what it may do (`probe act`), and ways to end (`probe end exit 7`): one line per question.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

extern char **environ;

static const char *error(long result) { return result < 0 ? strerrorname_np(errno) : "ok"; }

static void list(const char *path) {
  struct dirent **names;
  int count = scandir(path, &names, 0, alphasort);
  printf("%s:", path);
  for (int i = 0; i < count; i++)
    if (names[i]->d_name[0] != '.') printf(" %s", names[i]->d_name);
  printf("%s\n", count < 0 ? strerrorname_np(errno) : "");
}

static void show(const char *path) {
  char text[4096];
  int fd = open(path, O_RDONLY);
  long size = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
  if (size < 0) {
    printf("%s: %s\n", path, error(-1));
    return;
  }
  text[size] = 0;
  printf("%s:\n%s", path, text);
}

static void create(const char *path) {
  int fd = open(path, O_WRONLY | O_CREAT, 0644);
  printf("create %s: %s\n", path, error(fd));
  if (fd >= 0) close(fd);
}

static void *thread(void *argument) { return argument; }

static long run_threads(int count) {
  pthread_t threads[count];
  for (int i = 0; i < count; i++)
    if ((errno = pthread_create(&threads[i], 0, thread, 0))) return -1;
  for (int i = 0; i < count; i++) pthread_join(threads[i], 0);
  return 0;
}

static long connect_to(const char *address, int port) {
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
  inet_pton(AF_INET, address, &to.sin_addr);
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  return connect(fd, (struct sockaddr *)&to, sizeof to);
}

static long listen_and_connect(void) {
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
  socklen_t size = sizeof at;
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(fd, (struct sockaddr *)&at, size) || listen(fd, 1) || getsockname(fd, (struct sockaddr *)&at, &size)) return -1;
  return connect_to("127.0.0.1", ntohs(at.sin_port));
}

static void see(int argc, char **argv) {
  char text[4096];
  struct utsname name;
  struct rlimit limit;
  struct sysinfo info;
  struct stat self;
  for (int i = 0; i < argc; i++) printf("argument %d: %s\n", i, argv[i]);
  for (char **entry = environ; *entry; entry++) printf("environment: %s\n", *entry);
  printf("cwd: %s\n", getcwd(text, sizeof text));
  printf("ids: %d %d %d %d\n", getuid(), geteuid(), getgid(), getegid());
  printf("pid: %d\n", getpid());
  printf("terminal: %d%d%d\n", isatty(0), isatty(1), isatty(2));
  long size = readlink("/proc/self/exe", text, sizeof text - 1);
  text[size < 0 ? 0 : size] = 0;
  printf("executable: %s\n", text);
  uname(&name);
  printf("uname: %s|%s|%s|%s\n", name.sysname, name.nodename, name.release, name.machine);
  cpu_set_t cpus;
  sched_getaffinity(0, sizeof cpus, &cpus);
  printf("cpus: %d\n", CPU_COUNT(&cpus));
  sysinfo(&info);
  printf("memory: %lu MiB\n", info.totalram * info.mem_unit >> 20);
  int resources[] = {RLIMIT_NOFILE, RLIMIT_STACK, RLIMIT_CORE, RLIMIT_DATA};
  for (int i = 0; i < 4; i++) {
    getrlimit(resources[i], &limit);
    printf("limit %d: %lu\n", i, (unsigned long)limit.rlim_cur);
  }
  list("/");
  list("/dev");
  list("/proc");
  list("/proc/self");
  list("/sys/devices/system/cpu");
  show("/proc/meminfo");
  show("/proc/mounts");
  show("/sys/devices/system/cpu/online");
  show("/proc/cpuinfo");
  FILE *maps = fopen("/proc/self/maps", "r");
  int has_stack = 0;
  while (maps && fgets(text, sizeof text, maps)) has_stack |= strstr(text, "[stack]") != 0;
  printf("maps: %s\n", has_stack ? "mine" : "none");
  int random = open("/dev/urandom", O_RDONLY);
  printf("urandom: %ld\n", (long)read(random, text, 8));
  stat("/probe", &self);
  printf("program: mode %o, modified %ld\n", self.st_mode & 0777, (long)self.st_mtime);
}

static void act(void) {
  create("/new");
  printf("mkdir: %s\n", error(mkdir("/new-folder", 0777)));
  printf("unlink: %s\n", error(unlink("/probe")));
  create("/tmp/x");
  create("relative");
  create("/workspace/new");
  printf("rename: %s\n", error(rename("/workspace/new", "/workspace/renamed")));
  printf("symlink: %s\n", error(symlink("renamed", "/workspace/link")));
  printf("hard link: %s\n", error(link("/workspace/renamed", "/workspace/hard")));
  printf("chmod: %s\n", error(chmod("/workspace/renamed", 0600)));
  printf("fork: %s\n", error(fork()));
  printf("vfork: %s\n", error(syscall(SYS_vfork)));
  printf("system: %d\n", system("true") >> 8);
  printf("execve: %s\n", error(execl("/probe", "probe", (char *)0)));
  printf("threads: %s\n", error(run_threads(200)));
  printf("memfd: %s\n", error(memfd_create("x", 0)));
  printf("io_uring: %s\n", error(syscall(SYS_io_uring_setup, 8, environ)));
  printf("loopback: %s\n", error(listen_and_connect()));
}

// each of these would lead out of the sandbox; the path of a host file to overwrite comes as an argument
static void escape(const char *host_file) {
  char path[4096];
  for (int fd = 3; fd < 1024; fd++)
    if (fcntl(fd, F_GETFD) >= 0) printf("open descriptor %d\n", fd);
  printf("remount: %s\n", error(mount(0, "/", 0, MS_REMOUNT | MS_BIND, 0)));
  printf("mount: %s\n", error(mount("none", "/workspace", "tmpfs", 0, 0)));
  printf("umount: %s\n", error(umount2("/", MNT_DETACH)));
  printf("unshare: %s\n", error(syscall(SYS_unshare, CLONE_NEWUSER | CLONE_NEWNS)));
  printf("remount with rights over oneself: %s\n", error(mount(0, "/", 0, MS_REMOUNT | MS_BIND, 0)));
  printf("umount with rights over oneself: %s\n", error(umount2("/workspace", 0)));
  mkdir("/workspace/jail", 0777);
  printf("chroot: %s\n", error(chroot("/workspace/jail")));
  for (int i = 0; i < 64; i++)
    if (chdir("..")) break;
  printf("mknod: %s\n", error(mknod("/workspace/disk", S_IFBLK | 0600, 8 << 8)));
  printf("ptrace: %s\n", error(syscall(SYS_ptrace, 16, 1, 0, 0)));
  printf("setns: %s\n", error(syscall(SYS_setns, 0, 0)));
  printf("handle: %s\n", error(syscall(SYS_open_by_handle_at, 3, path, 0)));
  printf("pidfd: %s\n", error(syscall(438 /* pidfd_getfd */, 0, 0, 0)));
  printf("outside: %s\n", error(connect_to("192.0.2.1", 80)));
  kill(1, SIGKILL);
  printf("32 bit: ");
  fflush(stdout);
  long pid = 20; // getpid of i386
  asm volatile("int $0x80" : "+a"(pid));
  printf("%ld\n", pid);
  create(host_file);
  snprintf(path, sizeof path, "../../../../../../../..%s", host_file);
  create(path);
  symlink(host_file, "/workspace/out");
  create("/workspace/out");
  list("/");
}

// leaves in the workspace what a careless reader would follow, open, wait for or print; the path of a host file to overwrite comes as an argument
static void litter(const char *host_file) {
  int fd = open("/workspace/a\x1b[2J\nb", O_WRONLY | O_CREAT, 0644);
  if (write(fd, "x", 1) != 1) puts("not written");
  symlink(host_file, "/workspace/task_result.json");
  symlink(host_file, "/workspace/task.json");
  symlink(host_file, "/workspace/link");
  symlink("/", "/workspace/root");
  symlink("loop", "/workspace/loop");
  mkfifo("/workspace/pipe", 0666);
  char path[4096] = "/workspace";
  for (int depth = 0; depth < 60; depth++) {
    strcat(path, "/deeper");
    if (mkdir(path, 0777)) break;
  }
}

static long files, folders;
static unsigned long total_bytes, sum;

// counts what is below a folder and adds up all bytes
static void add_up(const char *path) {
  struct stat info;
  if (lstat(path, &info)) return (void)printf("%s: %s\n", path, error(-1));
  if (S_ISDIR(info.st_mode)) {
    folders++;
    struct dirent **names;
    int count = scandir(path, &names, 0, alphasort);
    for (int i = 0; i < count; i++) {
      char child[4096];
      snprintf(child, sizeof child, "%s/%s", path, names[i]->d_name);
      if (strcmp(names[i]->d_name, ".") && strcmp(names[i]->d_name, "..")) add_up(child);
    }
    return;
  }
  static unsigned char piece[1 << 20];
  int fd = open(path, O_RDONLY);
  files++;
  for (long size; (size = read(fd, piece, sizeof piece)) > 0; total_bytes += size)
    for (long i = 0; i < size; i++) sum += piece[i];
  close(fd);
}

// megabytes of text
static void flood(long megabytes) {
  char line[64];
  memset(line, 'x', sizeof line);
  line[63] = '\n';
  for (long i = 0; i < megabytes << 14; i++) fwrite(line, sizeof line, 1, stdout);
}

static void end(const char *how, const char *number) {
  if (!strcmp(how, "exit")) exit(atoi(number));
  if (!strcmp(how, "signal")) kill(getpid(), atoi(number)), pause();
  if (!strcmp(how, "abort")) abort();
  if (!strcmp(how, "fault")) *(volatile int *)8 = 1;
  if (!strcmp(how, "sleep"))
    for (;;) pause();
  if (!strcmp(how, "stubborn")) {
    signal(SIGTERM, SIG_IGN);
    puts("up");
    fflush(stdout);
    for (;;) pause();
  }
  if (!strcmp(how, "thread-exit")) run_threads(4), exit(atoi(number));
  if (!strcmp(how, "hungry")) {
    for (long megabytes = 0;; megabytes += 16) {
      char *piece = malloc(16 << 20);
      if (!piece) {
        fprintf(stderr, "memory allocation of %d bytes failed\n", 16 << 20);
        abort();
      }
      memset(piece, 1, 16 << 20);
    }
  }
}

int main(int argc, char **argv) {
  const char *what = argc > 1 ? argv[1] : "see";
  if (!strcmp(what, "end")) end(argv[2], argv[3] ? argv[3] : "0");
  if (!strcmp(what, "see")) see(argc, argv);
  if (!strcmp(what, "act")) act();
  if (!strcmp(what, "escape")) escape(argv[2]);
  if (!strcmp(what, "flood")) flood(atol(argv[2]));
  if (!strcmp(what, "add-up")) {
    add_up(argv[2]);
    printf("%ld files in %ld folders, %lu bytes, sum %lu\n", files, folders, total_bytes, sum);
  }
  if (!strcmp(what, "say")) fputs(argv[2], stderr), exit(atoi(argv[3]));
  if (!strcmp(what, "hostile")) litter(argv[2]), puts("done");
  // text, seconds of silence, text
  if (!strcmp(what, "linger")) fputs(argv[2], stderr), sleep(atoi(argv[3])), puts("still here"), exit(atoi(argv[4]));
  struct statfs info;
  // crashes the kernel of 0.1.54
  if (!strcmp(what, "statfs")) return statfs("/workspace", &info);
  if (!strcmp(what, "result")) {
    FILE *file = fopen("/workspace/task_result.json", "wx");
    fputs(argv[2], file);
  }
  return 0;
}
