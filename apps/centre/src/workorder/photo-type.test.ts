import assert from 'node:assert/strict';
import { test } from 'node:test';
import { photoTypeOf } from './photo-type.ts';

/** One red pixel each, as cwebp-free tools write them: ImageMagick 6 (`convert -size 1x1 xc:red`). */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
  'base64',
);
/** SOI, APP0 of 16 bytes, SOF0 with 8 bits, height 2, width 3, then EOI; by hand after ITU-T T.81. */
const jpeg = Buffer.from(
  'ffd8 ffe0 0010 4a46494600 0101 00 0001 0001 0000 ffc0 000b 08 0002 0003 01 01 11 00 ffd9'.replaceAll(' ', ''),
  'hex',
);

test('a photo is told by its own bytes', () => {
  assert.equal(photoTypeOf(png), 'image/png');
  assert.equal(photoTypeOf(jpeg), 'image/jpeg');
});

test('what only begins like a photo, or has no size, is none', () => {
  const noHeight = Buffer.from(jpeg);
  noHeight.writeUInt16BE(0, 25);
  const wide = Buffer.from(png);
  wide.writeUInt32BE(40_000, 16);
  const html = Buffer.from('<html><script>alert(1)</script></html>');
  for (const [name, bytes] of [
    ['nothing', Buffer.alloc(0)],
    ['html', html],
    ['a JPEG marker before html', Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), html])],
    ['a PNG signature before html', Buffer.concat([png.subarray(0, 8), html, html])],
    ['half a PNG', png.subarray(0, 40)],
    ['half a JPEG', jpeg.subarray(0, 20)],
    ['a JPEG without height', noHeight],
    ['a PNG of 40,000 pixels', wide],
    ['gif', Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')],
  ] as const)
    assert.equal(photoTypeOf(bytes), undefined, name);
});
