import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { TargetMemory, type Unwatched } from './target-memory.js';

let root: string;
let path: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'target-memory-'));
  path = join(root, 'src/lib.rs');
  write('src/lib.rs', 'one', 2);
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

/** A file as old as that many days, negative for one of the future. */
function write(name: string, text: string, days: number): void {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), text);
  const time = Date.now() / 1000 - days * 86_400;
  utimesSync(join(root, name), time, time);
}

const UNITS = ['target/release/.fingerprint/lib-0a/lib', 'target/release/.fingerprint/serde-0b/lib', 'target/x86_64-unknown-linux-musl/dev/.fingerprint/lib-0c/lib'];
const GUEST = 'target/release/build/lib-0a/out/target/release/.fingerprint/guest-0d/lib';

/** Which units cargo has still got after a build of a package in `/app` was prepared. */
function kept({ machine = {}, named = {} }: Partial<Unwatched> = {}, packageFolder = '/app') {
  for (const unit of [...UNITS, GUEST]) write(unit, '', 0);
  new TargetMemory(join(root, 'target')).forgetStale(packageFolder, { machine, named });
  return { own: existsSync(join(root, UNITS[0] ?? '')), ofRegistry: existsSync(join(root, UNITS[1] ?? '')), ofOtherTarget: existsSync(join(root, UNITS[2] ?? '')), guest: existsSync(join(root, GUEST)) };
}

let isVendored = false;
beforeEach(() => {
  isVendored = false;
});

/** A build that succeeds. */
function build(unwatched?: Partial<Unwatched>, packageFolder?: string) {
  const units = kept(unwatched, packageFolder);
  new TargetMemory(join(root, 'target')).remember([path, join(root, 'none')], [{ name: 'lib', folder: join(root, 'src'), isVendored }]);
  return units;
}

const ALL = { own: true, ofRegistry: true, ofOtherTarget: true, guest: true };
const ONLY_REGISTRY = { own: false, ofRegistry: true, ofOtherTarget: false, guest: false };
const NOTHING = { own: false, ofRegistry: false, ofOtherTarget: false, guest: false };

describe('the memory of a target folder', () => {
  it('leaves everything to cargo at first, and where nothing changed', () => {
    expect([build(), build()]).toEqual([ALL, ALL]);
  });

  it('lets be built again what has other content and no later time', () => {
    build();
    write('src/lib.rs', 'two', 3);
    expect([build(), build()]).toEqual([ONLY_REGISTRY, ALL]);
  });

  it.each([
    { reason: 'has other content and a later time', text: 'two', days: -1 },
    { reason: 'has another time alone', text: 'one', days: 3 },
  ])('leaves to cargo what $reason', ({ text, days }) => {
    build();
    write('src/lib.rs', text, days);
    expect(build()).toEqual(ALL);
  });

  it('leaves nothing to cargo in a vendored package, of which it never looks at a file', () => {
    isVendored = true;
    build();
    write('src/lib.rs', 'two', -1);
    expect([build(), build()]).toEqual([ONLY_REGISTRY, ALL]);
  });

  it('does not trust the content before a build that failed, since parts of it were built', () => {
    build();
    write('src/lib.rs', 'two', -1);
    expect([kept(), kept()]).toEqual([ALL, ALL]);
    write('src/lib.rs', 'one', 2);
    expect(kept()).toEqual(ONLY_REGISTRY);
  });

  it('lets everything be built again where the machine changed, but not where another package asks about other things', () => {
    expect([build({ machine: { ld: '1' } }), build({ machine: { cc: '1' } })]).toEqual([ALL, ALL]);
    expect([build({ machine: { ld: '2' } }), build({ machine: { ld: '2' } })]).toEqual([NOTHING, ALL]);
  });

  it.each([
    { reason: 'changed', named: { '/h/a.h': '2' } },
    { reason: 'came', named: { '/h/a.h': '1', '/h/b.h': '1' } },
    { reason: 'went', named: {} },
  ])('lets packages be built again where what one of them names $reason', ({ named }) => {
    build({ named: { '/h/a.h': '1' } });
    build({ named: { '/h/c.h': '1' } }, '/other');
    expect([build({ named }), build({ named })]).toEqual([ONLY_REGISTRY, ALL]);
  });

  it('is not disturbed by a build that says nothing of what is unwatched', () => {
    build({ machine: { ld: '1' }, named: { '/h/a.h': '1' } });
    new TargetMemory(join(root, 'target')).forgetStale('/app');
    expect(build({ machine: { ld: '1' }, named: { '/h/a.h': '1' } })).toEqual(ALL);
    expect(build({ machine: { ld: '1' }, named: { '/h/a.h': '2' } })).toEqual(ONLY_REGISTRY);
  });

  it('leaves to cargo what is named and cargo knows', () => {
    build({ named: { [path]: '1' } });
    expect(build({ named: { [path]: '2' } })).toEqual(ALL);
  });

  it('begins anew where what it kept cannot be read', () => {
    build();
    writeFileSync(join(root, 'target/.package-vm.json'), '{');
    write('src/lib.rs', 'two', 3);
    expect(build()).toEqual(ALL);
  });
});
