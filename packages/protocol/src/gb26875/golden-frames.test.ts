import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeGbFrame } from './frame/decode-frame.ts';
import { encodeGbFrame } from './frame/encode-frame.ts';
import type { GbFrame } from './frame/frame.ts';
import { fromHex, toHex } from './hex.ts';
import { gbFrameFromJson } from './json/from-json.ts';
import { gbFrameToJson } from './json/to-json.ts';

// Every frame is put together by hand from Table 1 and figures 5–46 of the standard; checksums are added up apart from
// the code. Instants are given in Beijing time.
const device = '4d3c2b1a0000';
const centre = '010000000000';
const at = (time: string) => Date.parse(`2026-03-05T${time}+08:00`);
const up = { version: { major: 1, user: 1 }, source: device, destination: centre };
const down = { version: { major: 1, user: 1 }, source: centre, destination: device };
const standard = { kind: 'objects', by: 'standard' } as const;

const goldens: readonly {
  readonly name: string;
  readonly hex: string;
  readonly frame: GbFrame;
  readonly json: object;
}[] = [
  {
    name: 'a component on fire with a Chinese description',
    hex: `4040 0201 0101 0A070E05031A 4D3C2B1A0000 010000000000 3000 02 0201 010111 03000C00 0300
        C8FDB2E3C5E4B5E7BCE4 ${'00'.repeat(21)} 09070E05031A EE 2323`,
    frame: {
      ...up,
      serial: 258,
      sentAt: at('14:07:10'),
      command: 2,
      unit: {
        ...standard,
        type: 2,
        objects: [
          {
            systemType: 1,
            systemAddress: 1,
            partType: 17,
            partAddress: '03000c00',
            status: 3,
            description: '三层配电间',
            at: at('14:07:09'),
          },
        ],
      },
    },
    json: {
      valid: true,
      serial: 258,
      version: { major: 1, user: 1 },
      sentAt: '2026-03-05T14:07:10+08:00',
      source: device,
      destination: centre,
      command: 2,
      type: 2,
      count: 1,
      objects: [
        {
          systemType: 1,
          systemAddress: 1,
          partType: 17,
          partAddress: '03000c00',
          status: 3,
          flags: ['normal', 'fire'],
          description: '三层配电间',
          at: '2026-03-05T14:07:09+08:00',
        },
      ],
    },
  },
  {
    name: "the centre's confirm",
    hex: '4040 0201 0101 0A070E05031A 010000000000 4D3C2B1A0000 0000 03 18 2323',
    frame: { ...down, serial: 258, sentAt: at('14:07:10'), command: 3, unit: { kind: 'empty' } },
    json: {
      valid: true,
      serial: 258,
      version: { major: 1, user: 1 },
      sentAt: '2026-03-05T14:07:10+08:00',
      source: centre,
      destination: device,
      command: 3,
    },
  },
  {
    name: "the centre's deny",
    hex: '4040 0201 0101 0A070E05031A 010000000000 4D3C2B1A0000 0000 06 1B 2323',
    frame: { ...down, serial: 258, sentAt: at('14:07:10'), command: 6, unit: { kind: 'empty' } },
    json: {
      valid: true,
      serial: 258,
      version: { major: 1, user: 1 },
      sentAt: '2026-03-05T14:07:10+08:00',
      source: centre,
      destination: device,
      command: 6,
    },
  },
  {
    name: 'two analog values, one below zero',
    hex: `4040 0301 0101 01080E05031A 4D3C2B1A0000 010000000000 2200 02 0302
        010112 03000D00 03 83FF 00080E05031A 010110 03000100 08 F808 00080E05031A 6E 2323`,
    frame: {
      ...up,
      serial: 259,
      sentAt: at('14:08:01'),
      command: 2,
      unit: {
        ...standard,
        type: 3,
        objects: [
          {
            systemType: 1,
            systemAddress: 1,
            partType: 18,
            partAddress: '03000d00',
            analogType: 3,
            raw: -125,
            at: at('14:08:00'),
          },
          {
            systemType: 1,
            systemAddress: 1,
            partType: 16,
            partAddress: '03000100',
            analogType: 8,
            raw: 2296,
            at: at('14:08:00'),
          },
        ],
      },
    },
    json: {
      valid: true,
      serial: 259,
      version: { major: 1, user: 1 },
      sentAt: '2026-03-05T14:08:01+08:00',
      source: device,
      destination: centre,
      command: 2,
      type: 3,
      count: 2,
      objects: [
        {
          systemType: 1,
          systemAddress: 1,
          partType: 18,
          partAddress: '03000d00',
          analogType: 3,
          value: -12.5,
          unit: '°C',
          at: '2026-03-05T14:08:00+08:00',
        },
        {
          systemType: 1,
          systemAddress: 1,
          partType: 16,
          partAddress: '03000100',
          analogType: 8,
          value: 229.6,
          unit: 'V',
          at: '2026-03-05T14:08:00+08:00',
        },
      ],
    },
  },
  {
    name: 'an on-duty check of five minutes',
    hex: '4040 0700 0101 00090E05031A 010000000000 4D3C2B1A0000 0300 01 5B0105 76 2323',
    frame: {
      ...down,
      serial: 7,
      sentAt: at('14:09:00'),
      command: 1,
      unit: { ...standard, type: 91, objects: [{ answerWithinMin: 5 }] },
    },
    json: {
      valid: true,
      serial: 7,
      version: { major: 1, user: 1 },
      sentAt: '2026-03-05T14:09:00+08:00',
      source: centre,
      destination: device,
      command: 1,
      type: 91,
      count: 1,
      objects: [{ answerWithinMin: 5 }],
    },
  },
  {
    name: 'the confirm of the on-duty check',
    hex: '4040 0700 0101 00090E05031A 4D3C2B1A0000 010000000000 0000 03 14 2323',
    frame: { ...up, serial: 7, sentAt: at('14:09:00'), command: 3, unit: { kind: 'empty' } },
    json: {
      valid: true,
      serial: 7,
      version: { major: 1, user: 1 },
      sentAt: '2026-03-05T14:09:00+08:00',
      source: device,
      destination: centre,
      command: 3,
    },
  },
  {
    name: 'the answer of the person on duty',
    hex: `4040 0401 0101 290A0E05031A 4D3C2B1A0000 010000000000 0A00 02 1801 2007 280A0E05031A E7 2323`,
    frame: {
      ...up,
      serial: 260,
      sentAt: at('14:10:41'),
      command: 2,
      unit: { ...standard, type: 24, objects: [{ operation: 0x20, operator: 7, at: at('14:10:40') }] },
    },
    json: {
      valid: true,
      serial: 260,
      version: { major: 1, user: 1 },
      sentAt: '2026-03-05T14:10:41+08:00',
      source: device,
      destination: centre,
      command: 2,
      type: 24,
      count: 1,
      objects: [{ operation: 0x20, operator: 7, flags: ['onDutyAnswer'], at: '2026-03-05T14:10:40+08:00' }],
    },
  },
  {
    name: "a request for the device's run state",
    hex: '4040 0800 0101 000B0E05031A 010000000000 4D3C2B1A0000 0300 04 510100 6D 2323',
    frame: {
      ...down,
      serial: 8,
      sentAt: at('14:11:00'),
      command: 4,
      unit: { ...standard, type: 81, objects: [{}] },
    },
    json: {
      valid: true,
      serial: 8,
      version: { major: 1, user: 1 },
      sentAt: '2026-03-05T14:11:00+08:00',
      source: centre,
      destination: device,
      command: 4,
      type: 81,
      count: 1,
      objects: [{}],
    },
  },
  {
    name: "the device's run state with a mains fault",
    hex: `4040 0800 0101 000B0E05031A 4D3C2B1A0000 010000000000 0900 05 1501 09 1E020E05031A 91 2323`,
    frame: {
      ...up,
      serial: 8,
      sentAt: at('14:11:00'),
      command: 5,
      unit: { ...standard, type: 21, objects: [{ status: 9, at: at('14:02:30') }] },
    },
    json: {
      valid: true,
      serial: 8,
      version: { major: 1, user: 1 },
      sentAt: '2026-03-05T14:11:00+08:00',
      source: device,
      destination: centre,
      command: 5,
      type: 21,
      count: 1,
      objects: [{ status: 9, flags: ['normal', 'mainsFault'], at: '2026-03-05T14:02:30+08:00' }],
    },
  },
  {
    name: 'a synchronisation of the clock',
    hex: '4040 0900 0101 000C0E05031A 010000000000 4D3C2B1A0000 0800 01 5A01 000C0E05031A B6 2323',
    frame: {
      ...down,
      serial: 9,
      sentAt: at('14:12:00'),
      command: 1,
      unit: { ...standard, type: 90, objects: [{ at: at('14:12:00') }] },
    },
    json: {
      valid: true,
      serial: 9,
      version: { major: 1, user: 1 },
      sentAt: '2026-03-05T14:12:00+08:00',
      source: centre,
      destination: device,
      command: 1,
      type: 90,
      count: 1,
      objects: [{ at: '2026-03-05T14:12:00+08:00' }],
    },
  },
];

const bytesOf = (hex: string) => fromHex(hex.replaceAll(/\s/g, '')) ?? assert.fail(`${hex} is not hex`);

for (const { name, hex, frame, json } of goldens) {
  test(`${name} is decoded, encoded, and written as JSON and back`, () => {
    const bytes = bytesOf(hex);
    assert.deepEqual(decodeGbFrame(bytes), { kind: 'frame', frame });
    assert.equal(toHex(encodeGbFrame(frame)), toHex(bytes));
    assert.deepEqual(gbFrameToJson(frame), json);
    assert.deepEqual(gbFrameFromJson(JSON.parse(JSON.stringify(json))), { kind: 'frame', frame });
  });
}

test('every frame with one byte of its sum changed is discarded', () => {
  for (const { name, hex } of goldens) {
    const bytes = bytesOf(hex);
    for (let i = 0; i < bytes.length; i += 1) {
      const damaged = bytes.slice();
      damaged[i] = (bytes[i] as number) ^ 0x01;
      assert.equal(decodeGbFrame(damaged).kind, 'discarded', `${name}, byte ${i}`);
    }
  }
});

test('bytes that are no frame are given back with the reason', () => {
  const good = bytesOf(goldens[1]?.hex ?? '');
  const changed = (at: number, ...values: number[]) => {
    const bytes = good.slice();
    bytes.set(values, at);
    return bytes;
  };
  const cases: readonly [Uint8Array, string, string][] = [
    [new Uint8Array(0), 'incomplete', '0 bytes, at least 30 expected'],
    [good.subarray(0, 29), 'incomplete', '29 bytes, 30 expected'],
    [good.subarray(0, 12), 'incomplete', '12 bytes, at least 30 expected'],
    [changed(0, 0x41), 'noStart', 'starts with 41 40, 40 40 expected'],
    [changed(24, 0x01, 0x04), 'lengthOverLimit', 'data unit of 1025 bytes, at most 1024 expected'],
    [changed(24, 0x00, 0x04), 'incomplete', '30 bytes, 1054 expected'],
    [changed(28, 0x35, 0x35), 'noEnd', 'ends with 35 35, 23 23 expected'],
    [changed(27, 0x19), 'badChecksum', 'checksum is 19, 18 expected'],
    [Uint8Array.of(...good, 0), 'trailingBytes', '1 bytes behind the frame, none expected'],
  ];
  for (const [bytes, reason, detail] of cases) {
    assert.deepEqual(decodeGbFrame(bytes), { kind: 'discarded', bytes: bytes.slice(), reason, detail });
  }
});

test('a frame that cannot be written is refused with field, value and expectation', () => {
  const frame: GbFrame = { ...up, serial: 1, command: 3, unit: { kind: 'empty' } };
  assert.throws(() => encodeGbFrame({ ...frame, serial: 65536 }), /serial is 65536, an integer 0…65535 expected/);
  assert.throws(() => encodeGbFrame({ ...frame, command: -1 }), /command is -1, an integer 0…255 expected/);
  assert.throws(() => encodeGbFrame({ ...frame, source: '12' }), /source is "12", 12 hex digits expected/);
  const tooLong = { kind: 'userDefined', type: 128, count: 1, body: new Uint8Array(1023) } as const;
  assert.throws(() => encodeGbFrame({ ...frame, unit: tooLong }), /data unit of 1025 bytes, at most 1024 expected/);
});
