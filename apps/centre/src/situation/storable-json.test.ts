import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { propertySettings } from '../platform/property-settings.fixture.ts';
import { storableJson } from './storable-json.ts';

test('NUL and lone surrogates are shown, everything else is JSON as it was', () => {
  assert.equal(storableJson({ note: 'a\0b', list: ['\ud800', '烽燧🔥'] }), '{"note":"a␀b","list":["\ufffd","烽燧🔥"]}');
  assert.equal(storableJson({ path: 'C:\\u0000', at: 5, gone: undefined }), '{"path":"C:\\\\u0000","at":5}');
});

test('whatever people write, what is stored has neither, and well-formed text is not touched', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), fc.array(fc.nat(0xffff)), (texts, units) => {
      const wild = String.fromCharCode(...units);
      const stored = JSON.parse(storableJson([...texts, wild])) as string[];
      for (const text of stored) assert.ok(text.isWellFormed() && !text.includes('\0'));
      const clean = texts.filter((text) => text.isWellFormed() && !text.includes('\0'));
      assert.deepEqual(JSON.parse(storableJson(clean)), clean);
    }),
    propertySettings(500),
  );
});
