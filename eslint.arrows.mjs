// The arrows of ARCHITECTURE.md as import rules: what each package and each folder of package-vm may import.
// Everything not listed here is forbidden.

/** Package folder → names of ours it may import. */
const packageArrows = {
  errors: [],
  process: ['@package-vm/errors'],
  manifest: ['@package-vm/errors'],
  'disk-image': ['@package-vm/errors'],
  ops: ['@package-vm/errors', '@package-vm/process'],
  'package-vm': ['@package-vm/errors', '@package-vm/process', '@package-vm/manifest', '@package-vm/disk-image', '@package-vm/ops'],
  nx: ['@package-vm/errors', 'package-vm'],
};

/** Folder of package-vm → sibling folders it may import. */
const folderArrows = {
  'crate-graph': [],
  explain: [],
  'host-files': [],
  project: ['crate-graph', 'host-files'],
  task: ['host-files'],
  cargo: ['crate-graph', 'host-files'],
  'nanos-release': ['host-files'],
  inspect: ['host-files'],
  diff: ['inspect'],
  bundle: ['cargo', 'host-files'],
  plan: ['bundle', 'nanos-release', 'host-files'],
  build: ['plan', 'project', 'bundle', 'nanos-release', 'host-files', 'inspect', 'diff'],
  rehearse: ['inspect', 'task', 'host-files'],
  boot: ['inspect', 'task', 'host-files'],
  cli: ['project', 'crate-graph', 'host-files', 'task', 'cargo', 'nanos-release', 'inspect', 'bundle', 'plan', 'build', 'rehearse', 'boot', 'diff', 'explain'],
};

/** Libraries that only the named packages may import. */
const reserved = { execa: ['process'], '@nx/devkit': ['nx'], nx: ['nx'] };

const escape = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

function rule(name, patterns) {
  return { 'no-restricted-imports': ['error', { patterns: patterns.map((pattern) => ({ ...pattern, message: `${name}: see the arrows in ARCHITECTURE.md` })) }] };
}

function packagePatterns(folder) {
  const allowed = packageArrows[folder].map((name) => `${escape(name)}(/|$)`);
  const ours = `^(?!${allowed.map((name) => `(?:${name})`).join('|') || '(?!)'})(@package-vm/|package-vm(/|$))`;
  const libraries = Object.entries(reserved).filter(([, users]) => !users.includes(folder));
  return [
    { regex: ours },
    // another package is reached by its name
    { regex: '^(\\.\\./)+(packages/|[^/]+/(src|dist)/)' },
    ...libraries.map(([name]) => ({ regex: `^${escape(name)}(/|$)` })),
  ];
}

/** To be appended to an ESLint configuration. */
export const arrowRules = [
  ...Object.keys(packageArrows).map((folder) => ({
    files: [`packages/${folder}/src/**/*.ts`],
    rules: rule(folder, packagePatterns(folder)),
  })),
  ...Object.entries(folderArrows).map(([folder, targets]) => {
    const others = Object.keys(folderArrows).filter((other) => other !== folder && !targets.includes(other));
    return {
      files: [`packages/package-vm/src/${folder}/**/*.ts`],
      // specs are leaves: they may set up what they test with whatever makes it
      ignores: ['**/*.spec.ts', '**/testing/**'],
      rules: rule(`package-vm/${folder}`, [
        ...packagePatterns('package-vm'),
        { regex: `^(\\.\\./)+(${others.map(escape).join('|')})/` },
        // folders are reached by their own files, not through the package's face
        { regex: '^(\\.\\./)+index\\.js$' },
      ]),
    };
  }),
];
