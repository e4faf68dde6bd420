import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainText } from './plain-text.ts';
import { shownRequest } from './shown-request.ts';

test('what is secret by its name is left out, at any depth', () => {
  const marker = 'MARKER-7f3a';
  const names = ['password', 'newPassword', 'secret', 'token', 'claimCode', 'code', 'apiKey', 'csrfToken', 'signature'];
  for (const name of names) {
    const text = shownRequest({ user: 'wang', list: [{ inner: { [name]: marker } }], [name]: { deep: marker } });
    assert.ok(!text?.includes(marker), name);
    assert.ok(text?.includes('wang'));
  }
});

test('it has an end: long texts, long lists, deep and large bodies', () => {
  assert.equal(shownRequest({ note: 'x'.repeat(500) }), '{"note":"(500 characters)"}');
  const many = shownRequest(Array.from({ length: 1_000 }, (_, n) => n)) ?? '';
  assert.match(many, /"\(980 more\)"\]$/);
  const large = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`n${n}`, 'y'.repeat(150)]));
  assert.match(shownRequest(large) ?? '', /^\{"leftOut":"\d+ bytes"\}$/);
  assert.equal(shownRequest(Buffer.alloc(9)), '"(9 bytes)"');
  assert.equal(shownRequest(undefined), undefined);
});

test('no line break, terminal escape, change of direction or lone surrogate comes through', () => {
  assert.equal(plainText('a\r\n\u001b[31m\u009bb\u202ec\u2028'), 'a\\x0d\\x0a\\x1b[31m\\x9bb\\u202ec\\u2028');
  assert.equal(plainText('\ud800'), '\ufffd');
  assert.equal(shownRequest({ note: 'a\u0000b' }), '{"note":"a\\\\x00b"}');
});
