import { HANDLED, IGNORED } from './nanos-syscalls.js';
import { type Isolation, syscallFilter } from './syscall-filter.js';
import { type Call, evaluateFilter } from './testing/evaluate-filter.js';

const ALLOW = 0x7fff0000;
const ZERO = 0x00050000;
const EINVAL = 0x00050016;
const ENOSYS = 0x00050026;
const trace = (request: number): number => 0x7ff00000 | request;
const EXEC = trace(1);
const REFUSE = trace(2);

const THREAD = 0x3d0f00; // what glibc gives for pthread_create
const FORK = 0x1200011; // and for fork
const VFORK = 0x4111; // and for posix_spawn

describe('syscallFilter', () => {
  it.each<{ reason: string; call: Call; result: number }>([
    { reason: 'passes what Nanos handles', call: { number: HANDLED.read }, result: ALLOW },
    { reason: 'passes a thread', call: { number: HANDLED.clone, arguments: [THREAD] }, result: ALLOW },
    { reason: 'refuses fork by clone', call: { number: HANDLED.clone, arguments: [FORK] }, result: REFUSE },
    { reason: 'refuses spawn by clone', call: { number: HANDLED.clone, arguments: [VFORK] }, result: REFUSE },
    { reason: 'sends libc from clone3 to clone', call: { number: HANDLED.clone3 }, result: ENOSYS },
    { reason: 'refuses fork', call: { number: 57 }, result: REFUSE },
    { reason: 'refuses vfork', call: { number: 58 }, result: REFUSE },
    { reason: 'lets the init decide on execve', call: { number: 59 }, result: EXEC },
    { reason: 'refuses execveat', call: { number: 322 }, result: REFUSE },
    { reason: 'refuses memfd_create', call: { number: 319 }, result: REFUSE },
    { reason: 'refuses hard links', call: { number: HANDLED.linkat }, result: REFUSE },
    { reason: 'answers 0 without doing it', call: { number: IGNORED.chmod }, result: ZERO },
    { reason: 'makes everybody root', call: { number: IGNORED.getuid }, result: ZERO },
    { reason: 'has no io_uring', call: { number: HANDLED.io_uring_setup }, result: EINVAL },
    { reason: 'has no ptrace', call: { number: 101 }, result: ENOSYS },
    { reason: 'has no mount', call: { number: 165 }, result: ENOSYS },
    { reason: 'has no call that is newer than Nanos', call: { number: 439 }, result: ENOSYS },
    { reason: 'has no call of x32', call: { number: 0x40000000 | HANDLED.read }, result: ENOSYS },
    { reason: 'has no call of i386, where 3 is read', call: { number: 3, architecture: 0x40000003 }, result: ENOSYS },
    { reason: 'passes a restarted sleep', call: { number: 219 }, result: ALLOW },
    { reason: 'asks for uname', call: { number: HANDLED.uname }, result: trace(3) },
    { reason: 'asks for sysinfo', call: { number: HANDLED.sysinfo }, result: trace(4) },
    { reason: 'passes an open to read', call: { number: HANDLED.openat, arguments: [0, 0, 0x80000] }, result: ALLOW },
    { reason: 'shows an open to write', call: { number: HANDLED.openat, arguments: [0, 0, 1] }, result: trace(0x8000 | 1 | (7 << 3) | (2 << 6) | (1 << 10)) },
    { reason: 'shows an open to read that makes a file', call: { number: HANDLED.open, arguments: [0, 0x40] }, result: trace(0x8000 | (7 << 3) | (1 << 6)) },
    { reason: 'shows mkdir', call: { number: HANDLED.mkdir }, result: trace(0x8000 | (7 << 3) | (7 << 6) | (1 << 9)) },
    { reason: 'passes stat', call: { number: HANDLED.newfstatat }, result: ALLOW },
  ])('$reason', ({ call, result }) => {
    expect(evaluateFilter(syscallFilter('namespaces'), call)).toBe(result);
  });

  it.each<{ reason: string; call: Call; result: number }>([
    { reason: 'an open to read', call: { number: HANDLED.openat, arguments: [0, 0, 0] }, result: trace(0x8000 | 1 | (7 << 3) | (2 << 6) | (1 << 10)) },
    { reason: 'stat', call: { number: HANDLED.stat }, result: trace(0x8000 | (7 << 3) | (7 << 6)) },
    { reason: 'both paths of renameat2', call: { number: HANDLED.renameat2 }, result: trace(0x8000 | 1 | (3 << 3) | (7 << 6) | (1 << 9) | (1 << 10)) },
    { reason: 'the place of a new link, not its target', call: { number: HANDLED.symlinkat }, result: trace(0x8000 | 2 | (7 << 3) | (7 << 6) | (1 << 9) | (1 << 10)) },
    { reason: 'the working folder', call: { number: HANDLED.getcwd }, result: trace(5) },
  ])('shows $reason under weak isolation', ({ call, result }) => {
    expect(evaluateFilter(syscallFilter('weak'), call)).toBe(result);
  });

  it.each<Isolation>(['namespaces', 'weak'])('gives every number a result, and fits the kernel (%s)', (isolation) => {
    const filter = syscallFilter(isolation);
    expect(filter.length / 8).toBeLessThan(4096);
    for (let number = 0; number < 600; number++) expect(evaluateFilter(filter, { number })).toBeGreaterThan(0);
  });
});
