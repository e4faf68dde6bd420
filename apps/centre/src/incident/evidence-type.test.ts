import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recording } from '../../../../test/harness/recording.ts';
import { evidenceTypeOf } from './evidence-type.ts';

const hex = (digits: string, length = 64): Buffer => Buffer.concat([Buffer.from(digits, 'hex'), Buffer.alloc(length)]);

test('a recording is told by its own bytes', () => {
  assert.equal(evidenceTypeOf(recording(0.01)), 'audio/wav');
  // A frame of MPEG-1 Layer III, 128 kbit/s, 44.1 kHz, and one behind an ID3v2.3 tag.
  assert.equal(evidenceTypeOf(hex('fffb9064')), 'audio/mpeg');
  assert.equal(evidenceTypeOf(hex('49443303000000000000')), 'audio/mpeg');
  assert.equal(evidenceTypeOf(hex('0000001c667479704d344120')), 'audio/mp4');
  assert.equal(evidenceTypeOf(hex('4f676753000200000000')), 'audio/ogg');
});

test('what only looks a little like one is none', () => {
  for (const [name, bytes] of [
    ['nothing', Buffer.alloc(0)],
    ['RIFF of a picture', hex('524946460000000057454250')],
    ['a page', Buffer.from('<html><script>alert(1)</script></html>')],
    ['ADTS (AAC), whose layer is 0', hex('fff15080')],
    ['ones without end', Buffer.alloc(64, 0xff)],
    ['an executable', hex('7f454c460201010000000000')],
  ] as const)
    assert.equal(evidenceTypeOf(bytes), undefined, name);
});
