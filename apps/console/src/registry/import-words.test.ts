import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { isImportCode } from './import-words.ts';

test('every code of an import that errors.md names has its words on the screen', () => {
  const page = readFileSync(path.resolve(import.meta.dirname, '../../../../docs/reference/errors.md'), 'utf8');
  const section = page.slice(page.indexOf('### Import'), page.indexOf('### Refusals of alarms'));
  const codes = [...section.matchAll(/`(\w+)`/g)].map(([, code = '']) => code);
  // Named in the text around the table: fields and the reason in a history, not codes.
  const others = new Set(['problems', 'fix', 'detail', 'import']);
  const named = codes.filter((code) => !others.has(code));
  assert.ok(named.length > 25, `only ${named.length} codes found`);
  assert.deepEqual(
    named.filter((code) => !isImportCode(code)),
    [],
  );
});
