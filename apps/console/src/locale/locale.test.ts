import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import {
  alarmStates,
  categories,
  centreFaultKinds,
  eventKinds,
  facilityKinds,
  localActionKind,
  levels,
  origins,
  priorities,
  alarmChangeKinds,
} from '@fengsui/alarm';
import { roles, sensorFamilies, venueClasses } from '@fengsui/protocol';
import { en } from './en.ts';
import { zh } from './zh.ts';

type Tree = { readonly [key: string]: string | Tree };

function leaves(tree: Tree, path = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    const here = path === '' ? key : `${path}.${key}`;
    if (typeof value === 'string') found.set(here, value);
    else for (const [inner, text] of leaves(value, here)) found.set(inner, text);
  }
  return found;
}

const placeholders = (text: string): string[] =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name ?? '').sort();

test('both languages have the same keys', () => {
  const [chinese, english] = [[...leaves(zh).keys()], [...leaves(en).keys()]];
  assert.ok(chinese.length > 200, 'the catalogue is empty');
  assert.deepEqual(english.sort(), chinese.sort());
});

test('every pair of files is joined, and no topic stands in two of them', async () => {
  for (const [language, joined] of Object.entries({ zh, en })) {
    const fileOf = new Map<string, string>();
    for (const file of globSync(`*-${language}.ts`, { cwd: import.meta.dirname })) {
      const catalogues = Object.values((await import(`./${file}`)) as Record<string, Tree>);
      for (const topic of catalogues.flatMap((catalogue) => Object.keys(catalogue))) {
        // Spread one after the other, the second would replace the first without a word.
        assert.equal(fileOf.get(topic), undefined, `${topic} is in ${file} and in ${fileOf.get(topic) ?? ''}`);
        fileOf.set(topic, file);
      }
    }
    assert.deepEqual([...fileOf.keys()].sort(), Object.keys(joined).sort());
  }
});

test('both languages fill in the same values, and no text is empty', () => {
  const english = leaves(en);
  for (const [key, text] of leaves(zh)) {
    assert.notEqual(text.trim(), '', key);
    assert.notEqual(english.get(key)?.trim(), '', key);
    assert.deepEqual(placeholders(english.get(key) ?? ''), placeholders(text), key);
  }
});

test('the Chinese catalogue is Chinese and the English one is English', () => {
  const shared = new Set(['product.name', 'language.zh', 'origin.simulatedChip', 'origin.drillChip']);
  for (const [key, text] of leaves(en))
    if (!shared.has(key)) assert.ok(!/\p{Script=Han}/u.test(text), `${key}: ${text}`);
});

test('everything an engine tells a value and a limit of has a name, and no unit in it', () => {
  const limitTables = globSync('packages/hazard/src/**/*.ts', {
    cwd: path.resolve(import.meta.dirname, '../../../..'),
    exclude: (name) => name.endsWith('.test.ts'),
  });
  const measures = new Set(
    limitTables.flatMap((file) => {
      const text = readFileSync(path.resolve(import.meta.dirname, '../../../..', file), 'utf8');
      return [...text.matchAll(/\bmeasure: '(\w+)'/g)].map(([, name = '']) => name);
    }),
  );
  assert.ok(measures.size > 15, `only ${measures.size} measures found`);
  const words: readonly object[] = [zh.measure, en.measure];
  for (const group of words)
    assert.deepEqual(
      [...measures].filter((name) => !Object.hasOwn(group, name)),
      [],
    );
  for (const unit of Object.keys(zh.measureUnit)) assert.ok(Object.hasOwn(zh.measure, unit), unit);
});

test('every word of the contracts has its words on the screen', () => {
  const lists: readonly (readonly [object, readonly string[]])[] = [
    [zh.category, categories],
    [zh.level, levels],
    [zh.kind, [...eventKinds, ...facilityKinds, ...centreFaultKinds, localActionKind]],
    [zh.origin, origins],
    [zh.originName, origins],
    [zh.state, alarmStates],
    [zh.change, alarmChangeKinds],
    [zh.role, roles],
    [zh.family, sensorFamilies],
    [zh.venueClass, venueClasses],
  ];
  for (const [words, keys] of lists) for (const key of keys) assert.ok(key in words, key);
  assert.equal(priorities.length, 4);
});
