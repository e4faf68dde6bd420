import assert from 'node:assert/strict';
import test from 'node:test';
import { boundedTree, type TreeNode } from './bounded-tree.ts';

const countOf = (node: TreeNode): number =>
  1 + ('entries' in node ? node.entries.reduce((sum, { node: inner }) => sum + countOf(inner), 0) : 0);

test('plain content comes out as it is, in its order', () => {
  assert.deepEqual(boundedTree({ score: 0.93, ok: true, why: ['late', null] }), {
    kind: 'object',
    hiddenCount: 0,
    entries: [
      { key: 'score', node: { kind: 'number', text: '0.93' } },
      { key: 'ok', node: { kind: 'truth', value: true } },
      {
        key: 'why',
        node: {
          kind: 'list',
          hiddenCount: 0,
          entries: [
            { key: '1', node: { kind: 'text', text: 'late' } },
            { key: '2', node: { kind: 'nothing' } },
          ],
        },
      },
    ],
  });
});

test('depth, breadth, number, keys and texts are bounded, and what is left out is counted', () => {
  const limits = { depth: 2, entries: 3, nodes: 6, keyCharacters: 4, textCharacters: 5 };
  const deep = boundedTree({ a: { b: { c: 1 } } }, limits);
  assert.ok(JSON.stringify(deep).includes('{"key":"b","node":{"kind":"deeper"}}'));
  const wide = boundedTree([1, 2, 3, 4, 5], limits);
  assert.ok(wide.kind === 'list' && wide.hiddenCount === 2 && wide.entries.length === 3);
  const many = boundedTree([[1, 2, 3], [4, 5, 6], [7]], limits);
  assert.ok(countOf(many) <= 6, `${countOf(many)} nodes`);
  const long = boundedTree({ abcdefgh: 'five\u{1f525}…and more' }, limits);
  const text = { kind: 'text', text: 'five\u{1f525}', cutFrom: 14 };
  assert.deepEqual(long, { kind: 'object', hiddenCount: 0, entries: [{ key: 'abcd…', node: text }] });
  let nested: unknown = 'bottom';
  for (let level = 0; level < 10_000; level++) nested = [nested];
  assert.ok(countOf(boundedTree(nested)) < 10);
});

test('characters that steer the display are spelt out', () => {
  const node = boundedTree('a\u202eb\u0000c\nd\u200be\ufefff\ud800');
  assert.deepEqual(node, { kind: 'text', text: 'a\\u{202e}b\\u{0}c\\u{a}d\\u{200b}e\\u{feff}f\\u{d800}' });
});

test('nothing, empty and the names of objects themselves are content like any other', () => {
  assert.deepEqual(boundedTree([]), { kind: 'emptyList' });
  assert.deepEqual(boundedTree({}), { kind: 'emptyObject' });
  const hostile = JSON.parse('{"__proto__":{"polluted":1},"constructor":2}') as unknown;
  const tree = boundedTree(hostile);
  assert.ok(tree.kind === 'object');
  assert.deepEqual(
    tree.entries.map(({ key }) => key),
    ['__proto__', 'constructor'],
  );
  assert.ok(!('polluted' in {}));
});
