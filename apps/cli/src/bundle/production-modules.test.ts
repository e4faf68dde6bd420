import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { repositoryRoot } from '../version.ts';
import { productionOf, type Lock } from './production-modules.ts';

const lock = (packages: Lock['packages']): Lock => ({ packages });

test('a module is found where Node finds it: the nearest one above counts', () => {
  const { workspaces, modules } = productionOf(
    lock({
      'apps/cli': { dependencies: { a: '1', '@x/own': '1' } },
      'packages/own': { dependencies: { c: '1' } },
      'apps/console': { dependencies: { react: '1' } },
      'node_modules/@x/own': { link: true, resolved: 'packages/own' },
      'node_modules/a': { dependencies: { b: '1' }, optionalDependencies: { absent: '1' } },
      'node_modules/a/node_modules/b': { dependencies: { c: '1' } },
      'node_modules/b': {},
      'node_modules/c': {},
      'node_modules/react': {},
    }),
  );
  assert.deepEqual(workspaces, ['apps/cli', 'packages/own']);
  assert.deepEqual(modules, ['node_modules/a', 'node_modules/a/node_modules/b', 'node_modules/c']);
});

test('what is missing or made for one platform alone stops the bundle', () => {
  assert.throws(() => productionOf(lock({ 'apps/cli': { dependencies: { a: '1' } } })), /apps\/cli needs a/);
  assert.throws(
    () =>
      productionOf(lock({ 'apps/cli': { dependencies: { a: '1' } }, 'node_modules/a': { os: 'linux', cpu: 'x64' } })),
    /made for linux x64 alone/,
  );
});

test('of this repository neither tools nor the console are shipped, and what serves is', () => {
  const own = JSON.parse(readFileSync(path.join(repositoryRoot, 'package-lock.json'), 'utf8')) as Lock;
  const { workspaces, modules } = productionOf(own);
  for (const needed of ['fastify', 'aedes', 'ws', '@electric-sql/pglite', 'typebox'])
    assert.ok(modules.includes(`node_modules/${needed}`), needed);
  for (const spared of ['typescript', 'eslint', 'vite', 'react', 'playwright-core', 'prettier'])
    assert.ok(!modules.includes(`node_modules/${spared}`), spared);
  assert.ok(workspaces.includes('apps/cli') && !workspaces.includes('apps/console'));
});
