// The layers of ARCHITECTURE.md. tools/check.ts runs this table and fails when it saw no module.
const L1 = 'signal|protocol|alarm';
const L2 = 'fingerprint|hazard|fusion|forecast|energy';

export default {
  forbidden: [
    {
      name: 'no-cycle',
      comment: 'A cycle makes two files one. Move what both need into a third file below them.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'layer-1-imports-upward',
      comment: `${L1} know nothing of what is built on them. Pass the value in as an argument.`,
      severity: 'error',
      from: { path: `^packages/(${L1})/` },
      to: { path: `^(apps/|packages/(${L2}|city)/)` },
    },
    {
      name: 'layer-1-peers',
      comment:
        'signal, protocol and alarm do not know each other; the rooms above join them. One exception: protocol puts ' +
        "alarm's words into its schemas (ARCHITECTURE.md).",
      severity: 'error',
      from: { path: `^packages/(${L1})/` },
      to: { path: `^packages/(${L1})/`, pathNot: ['^packages/$1/', '^packages/alarm/src/index.ts$'] },
    },
    {
      name: 'signal-knows-no-peer',
      comment: 'The exception above is for protocol alone.',
      severity: 'error',
      from: { path: '^packages/(signal|alarm)/' },
      to: { path: `^packages/(${L1})/`, pathNot: '^packages/$1/' },
    },
    {
      name: 'layer-2-imports-upward',
      comment: 'Recognition and hazards run on the terminal, on the centre and in tests: they know neither.',
      severity: 'error',
      from: { path: `^packages/(${L2})/` },
      to: { path: '^(apps/|packages/city/)' },
    },
    {
      name: 'packages-import-app',
      comment: 'packages compute, apps act.',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^apps/' },
    },
    {
      name: 'pure-packages',
      comment: 'No node:*, clock, randomness or I/O in packages: they arrive as arguments. Tests may use node:test.',
      severity: 'error',
      from: { path: '^packages/', pathNot: '[.]test[.]ts$|^packages/[^/]+/test/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'only-cli-imports-apps',
      comment: 'apps/cli is the only place where apps are put together.',
      severity: 'error',
      from: { path: '^apps/(terminal|centre|console|evaluation|fleet|watch)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'watch-stands-alone',
      comment: 'What watches the centre must not fail with it: it shares no code with it.',
      severity: 'error',
      from: { path: '^apps/watch/src/' },
      to: { path: '^(apps/(?!watch/)|packages/)' },
    },
    {
      name: 'console-is-a-client',
      comment: 'The console talks to the API; of the packages it sees types and pure functions of layer 1 only.',
      severity: 'error',
      from: { path: '^apps/console/' },
      to: { path: '^packages/', pathNot: `^packages/(${L1})/` },
    },
    {
      name: 'unresolved',
      comment: 'An import that resolves to nothing is checked by nothing.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: 'node_modules|apps/console/dist' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
