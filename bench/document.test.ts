import assert from 'node:assert/strict';
import { test } from 'node:test';
import { markdownOf, replaceSection } from './document.ts';

test('a table becomes markdown with numbers to the right and notes below', () => {
  const table = { title: 'Speed', columns: ['what', 'per s'], rows: [['a|b', '12']], notes: ['calm machine'] };
  assert.equal(markdownOf(table), '**Speed**\n\n| what | per s |\n| --- | --: |\n| a\\|b | 12 |\n\n- calm machine');
});

test('only the named section is replaced, and replacing it again changes nothing more', () => {
  const document = 'A\n<!-- bench:x -->\nold\n<!-- /bench:x -->\nB\n<!-- bench:y -->\n<!-- /bench:y -->\n';
  const once = replaceSection(document, 'x', 'new');
  assert.equal(once, 'A\n<!-- bench:x -->\nnew\n<!-- /bench:x -->\nB\n<!-- bench:y -->\n<!-- /bench:y -->\n');
  assert.equal(replaceSection(once, 'x', 'new'), once);
});

test('a document without the section is refused', () => {
  assert.throws(() => replaceSection('<!-- /bench:x --> <!-- bench:x -->', 'x', 'new'), /no section "<!-- bench:x -->/);
});
