import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { repositoryRoot } from '../version.ts';
import { partsList } from './parts-list.ts';
import type { Lock } from './production-modules.ts';

type Part = {
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly 'bom-ref': string;
  readonly licenses?: readonly object[];
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
};
const listed = (lock: Lock): readonly Part[] =>
  (partsList({ lock, version: '1.2.3', node: '24.0.0' }) as { readonly components: readonly Part[] }).components;

test('a part has its name, place, licence and the digest that npm checks it by', () => {
  const [node, part, other] = listed({
    packages: {
      'apps/cli': { dependencies: { '@x/a': '1' } },
      'apps/console': { dependencies: { b: '1' } },
      'node_modules/@x/a': {
        version: '1.0.0',
        license: 'MIT',
        integrity: `sha512-${Buffer.alloc(64, 0xab).toString('base64')}`,
      },
      'node_modules/b': { version: '2.0.0', license: '(MIT OR Apache-2.0)' },
      'node_modules/tool': { version: '3.0.0' },
    },
  });
  assert.deepEqual([node?.name, node?.version], ['node', '24.0.0']);
  assert.deepEqual(part, {
    type: 'library',
    'bom-ref': 'node_modules/@x/a',
    name: '@x/a',
    version: '1.0.0',
    purl: 'pkg:npm/%40x/a@1.0.0',
    licenses: [{ license: { id: 'MIT' } }],
    hashes: [{ alg: 'SHA-512', content: 'ab'.repeat(64) }],
  });
  assert.deepEqual(other?.licenses, [{ expression: '(MIT OR Apache-2.0)' }]);
});

test('of this repository, what serves and what is in the console are listed, tools are not; each has a digest, and a licence if it names one', () => {
  const lock = JSON.parse(readFileSync(path.join(repositoryRoot, 'package-lock.json'), 'utf8')) as Lock;
  const parts = listed(lock).filter(({ name }) => name !== 'node');
  assert.ok(parts.length > 100, `${parts.length} parts`);
  for (const needed of ['fastify', 'ws', 'react', 'uplot'])
    assert.ok(
      parts.some(({ name }) => name === needed),
      needed,
    );
  for (const spared of ['typescript', 'eslint', 'vite', 'playwright-core'])
    assert.ok(!parts.some(({ name }) => name === spared), spared);
  assert.ok(parts.every(({ hashes }) => hashes?.[0]?.alg === 'SHA-512'));
  // Its package.json names none: the text is in its folder (MIT), which the bundle has.
  const unnamed = parts.filter(({ licenses }) => licenses === undefined).map(({ name }) => name);
  assert.deepEqual(unnamed, ['png-js']);
  assert.equal(new Set(parts.map((part) => part['bom-ref'])).size, parts.length);
});
