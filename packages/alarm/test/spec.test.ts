import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '..');

test('every test of the package is named by a clause of SPEC.md, and every name there is a test', () => {
  const spec = readFileSync(join(root, 'SPEC.md'), 'utf8');
  const named = Array.from(spec.matchAll(/^- test: (.+)$/gm), ([, name]) => name ?? '');
  const files = globSync('{src,test}/**/*.test.ts', { cwd: root });
  assert.ok(files.length > 5);
  const written = files.flatMap((file) =>
    Array.from(readFileSync(join(root, file), 'utf8').matchAll(/^test\(\s*'(.+?)',/gm), ([, name]) => name ?? ''),
  );
  assert.deepEqual(named.toSorted(), written.toSorted());
  const clauses = spec.split(/^\*\*\d+\.\d+\*\*/m).slice(1);
  for (const clause of clauses) assert.match(clause, /^- test: /m, `a clause without a test: ${clause}`);
});
