import assert from 'node:assert/strict';
import { globSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import {
  alarmChangeKinds,
  alarmStates,
  categories,
  centreFaultKinds,
  eventKinds,
  levels,
  localActionKind,
  momentaryKinds,
  origins,
  priorities,
  refusalCodes,
} from '@fengsui/alarm';
import { environmentName, settings, type SettingKey } from '@fengsui/centre';
import { organisationKinds, procedureSteps, roles, sensorFamilies, venueClasses } from '@fengsui/protocol';
import { procedureLimits } from '../apps/centre/src/incident/procedure-limits.ts';
import { zh } from '../apps/console/src/locale/zh.ts';

const root = path.resolve(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

const documents = globSync(['*.md', 'docs/**/*.md', '{apps,packages}/*/*.md'], { cwd: root }).sort();

/** Words in backquotes on a page; a cell may hold several in one pair of quotes. */
const quoted = (page: string): ReadonlySet<string> =>
  new Set([...page.matchAll(/`([^`\n]+)`/g)].flatMap(([, text = '']) => text.split(/[\s,|]+/)));

function missing(words: readonly string[], page: string): readonly string[] {
  const listed = quoted(page);
  return words.filter((word) => !listed.has(word));
}

/** Everything that the sources of the centre hand out as a code: thrown, refused, or listed as a type. */
function codesOfCentre(): readonly string[] {
  const files = globSync('apps/centre/src/**/*.ts', {
    cwd: root,
    exclude: (name) => /[.](test|fixture)[.]ts$|conformance|kill-writer/.test(name),
  });
  const patterns = [
    /new ApiError\(\s*(?:\d+|[^,()]+),\s*'([A-Za-z]+)'/g,
    /new (?:AdministrationError|DataFolderError|FolderLockError|StoreError)\(\s*'([A-Za-z]+)'/g,
    /problemOf\(\s*\d+,\s*'([A-Za-z]+)'/g,
    /\bcode: '([A-Za-z]+)'/g,
    /\brefuse\('([A-Za-z]+)'/g,
    /\breason: '([A-Za-z]+)'/g,
    /\bunreadable\('([A-Za-z]+)'/g,
    /`(badValues|chunkConflict|notApplied): /g,
    /^ {2}\| '([A-Za-z]+)'/gm,
    /^ {2}\d{3}: '([a-z][A-Za-z]+)'/gm,
    /\bcode: ((?:'[A-Za-z]+'(?: \| )?){2,})/g,
  ];
  // Type unions that are no codes stand in `| '…'` lines too: only those of the error files count.
  const found = new Set<string>();
  for (const file of files) {
    const text = read(file);
    for (const pattern of patterns) {
      if (pattern.source.startsWith('^ {2}\\|') && !file.endsWith('store-error.ts')) continue;
      for (const [, code = ''] of text.matchAll(pattern))
        for (const word of code.match(/[A-Za-z]+/g) ?? []) found.add(word);
    }
  }
  return [...found].sort();
}

test('errors.md lists every code that the centre hands out', () => {
  const codes = codesOfCentre();
  assert.ok(codes.length > 50, `only ${codes.length} codes found: the search is broken`);
  assert.deepEqual(
    missing(
      [...codes, ...refusalCodes, ...centreFaultKinds.filter((kind) => kind !== 'silent')],
      read('docs/reference/errors.md'),
    ),
    [],
  );
});

test('procedures.md says of each limit whose it is and whether anybody has read it, and of no text that it is met', () => {
  const page = read('docs/reference/procedures.md');
  const rows = page.split('\n').filter((line) => /^[|] `/.test(line));
  for (const { step, limitMs, edition, clause, inForceFrom, evidence } of procedureLimits) {
    const cells = (rows.find((row) => row.startsWith(`| \`${step}\` |`)) ?? '').split('|').map((cell) => cell.trim());
    assert.deepEqual(cells.slice(4, 8), [`${limitMs / 1000} s`, edition, clause, inForceFrom], step);
    const words = { read: 'read', secondHand: 'not read', ours: 'ours' }[evidence];
    assert.ok(cells[8]?.startsWith(words), `${step}: ${cells[8]}`);
  }
  assert.deepEqual(
    [...procedureSteps],
    procedureLimits.map(({ step }) => step),
    'each step has one edition so far',
  );
});

test('configuration.md lists every setting with its environment name and default', () => {
  const page = read('docs/reference/configuration.md');
  const keys = Object.keys(settings) as SettingKey[];
  assert.ok(keys.length > 0);
  const rows = keys.map((key) => page.split('\n').find((line) => line.startsWith(`| \`${key}\` |`)) ?? '');
  const wrong = keys.filter((key, index) => {
    const row = rows[index] ?? '';
    const { default: value } = settings[key];
    return (
      !row.includes(`\`${environmentName(key)}\``) || !row.includes(value === undefined ? 'not set' : `\`${value}\``)
    );
  });
  assert.deepEqual(wrong, []);
});

test('cli.md has a section for every command, and no other', () => {
  const commands = [...read('apps/cli/src/main.ts').matchAll(/\bname: '([a-z0-9]+)'/g)].map(([, name]) => name);
  const sections = [...read('docs/reference/cli.md').matchAll(/^## ([a-z0-9]+)$/gm)].map(([, name]) => name);
  assert.ok(commands.length > 5, `only ${commands.length} commands found`);
  assert.deepEqual(sections.sort(), commands.sort());
});

test('cli.md names every option of every command', () => {
  const page = read('docs/reference/cli.md');
  const unnamed = globSync('apps/cli/src/commands/*.ts', {
    cwd: root,
    exclude: (name) => name.endsWith('.test.ts'),
  }).flatMap((file) => {
    const options = [...read(file).matchAll(/^\s+'?([a-z][a-z-]*)'?: \{ type: '(?:string|boolean)'/gm)];
    return options.map(([, name]) => `--${name}`).filter((option) => !page.includes(option));
  });
  assert.deepEqual([...new Set(unnamed)], []);
});

test('both READMEs have the same headings, commands, pictures and links', () => {
  const shape = (page: string) => ({
    headings: [...page.matchAll(/^(#+) /gm)].map(([, level]) => level),
    commands: [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block.replace(/\s*#.*$/gm, '')),
    pictures: [...page.matchAll(/docs\/pictures\/([a-z]+)/g)].map(([, name]) => name),
    links: [...page.matchAll(/\]\(([^)]+[.]md)[^)]*\)/g)].map(([, link = '']) => link.replace('.zh-CN', '')).sort(),
    bullets: [...page.matchAll(/^- /gm)].length,
  });
  assert.deepEqual(shape(read('README.zh-CN.md')), shape(read('README.md')));
});

test('every relative link and picture of every document exists, with its heading', () => {
  assert.ok(documents.length > 20, `only ${documents.length} documents found`);
  const broken = documents.flatMap((file) => {
    const links = [...read(file).matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)].map(([, link = '']) => link);
    return links.filter((link) => !exists(file, link)).map((link) => `${file}: ${link}`);
  });
  assert.deepEqual(broken, []);
});

function exists(from: string, link: string): boolean {
  const [target = '', anchor] = link.split('#');
  const file = target === '' ? from : path.join(path.dirname(from), target);
  if (!statSync(path.join(root, file), { throwIfNoEntry: false })) return false;
  if (anchor === undefined) return true;
  const headings = [...read(file).matchAll(/^#+ (.+)$/gm)].map(([, words = '']) => words);
  // As GitHub makes them: lower case, punctuation out, blanks to hyphens.
  return headings.some(
    (words) =>
      words
        .toLowerCase()
        .replace(/[^\p{L}\p{N} -]/gu, '')
        .replaceAll(' ', '-') === anchor,
  );
}

test('the glossary has every word of alarms, roles, venues, families and points', () => {
  const models = globSync('apps/centre/src/registry/models/*.json', { cwd: root }).map((file) =>
    path.basename(file, '.json'),
  );
  assert.ok(models.length >= 5);
  const words = [
    ...alarmStates,
    ...categories,
    ...priorities,
    ...levels,
    ...origins,
    ...alarmChangeKinds,
    ...eventKinds,
    ...momentaryKinds,
    localActionKind,
    ...centreFaultKinds,
    ...roles,
    ...venueClasses,
    ...organisationKinds,
    ...sensorFamilies,
    ...models,
  ];
  assert.deepEqual(missing(words, read('docs/glossary.md')), []);
});

test('the glossary has the Chinese words of the console in the row of their identifier', () => {
  const rows = read('docs/glossary.md')
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => ({ line, identifiers: quoted(line) }));
  const groups = [
    zh.state,
    zh.category,
    zh.level,
    zh.origin,
    zh.change,
    zh.role,
    zh.quantity,
    zh.kind,
    zh.venueClass,
    zh.family,
  ];
  const spoken = groups
    .flatMap((group) => Object.entries<string>(group))
    .filter(([, words]) => !/SIM|DRILL|屏幕|演练进行/.test(words));
  assert.ok(spoken.length > 80, `only ${spoken.length} words found`);
  const absent = spoken.filter(
    ([identifier, words]) => !rows.some(({ line, identifiers }) => identifiers.has(identifier) && line.includes(words)),
  );
  assert.deepEqual(absent, []);
});

test('ADR 10 lists every run-time dependency, and none that is gone', () => {
  type Manifest = { readonly dependencies?: object; readonly optionalDependencies?: object };
  const manifests = ['package.json', ...globSync('{packages,apps}/*/package.json', { cwd: root })];
  const names = new Set(
    manifests.flatMap((file) => {
      const { dependencies = {}, optionalDependencies = {} } = JSON.parse(read(file)) as Manifest;
      return [...Object.keys(dependencies), ...Object.keys(optionalDependencies)].filter(
        (name) => !name.startsWith('@fengsui/'),
      );
    }),
  );
  assert.ok(names.size > 10);
  const rows = read('docs/adr/0010-dependencies.md')
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  const listed = rows.flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
  );
  assert.deepEqual(listed.sort(), [...names].sort());
});
