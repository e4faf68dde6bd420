import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeGbFrame, standardGbProfile, type GbFrame, type GbProfile, type GbUnit } from '@fengsui/protocol';
import { replyTo, treatmentOf } from './reply.ts';

const frame = (command: number, unit: GbUnit): GbFrame => ({
  serial: 258,
  version: { major: 1, user: 1 },
  source: '4d3c2b1a0000',
  destination: '010000000000',
  command,
  unit,
});
const empty: GbUnit = { kind: 'empty' };
const runState = (status: number): GbUnit => ({ kind: 'objects', type: 21, by: 'standard', objects: [{ status }] });
const unreadable: GbUnit = { kind: 'unreadable', data: Uint8Array.of(0x16), reason: 'countMissing', detail: '' };

test('each command byte has its treatment', () => {
  const cases: readonly (readonly [number, GbUnit, string])[] = [
    [2, empty, 'heartbeat'],
    [2, runState(1), 'store'],
    [2, unreadable, 'store'],
    [2, { kind: 'userDefined', type: 200, count: 1, body: new Uint8Array() }, 'store'],
    [2, { kind: 'reserved', type: 30, count: 1, body: new Uint8Array() }, 'store'],
    [3, empty, 'confirmation'],
    [5, runState(1), 'response'],
    [6, empty, 'denial'],
    [1, empty, 'refuseDownstream'],
    [4, empty, 'refuseDownstream'],
    [0, empty, 'deny'],
    [7, empty, 'deny'],
    [127, empty, 'deny'],
    [128, empty, 'ignore'],
    [255, empty, 'ignore'],
  ];
  for (const [command, unit, expected] of cases) {
    assert.equal(treatmentOf(frame(command, unit), standardGbProfile), expected, `command ${command} ${unit.kind}`);
  }
});

test("a make's heartbeat is one, but not when it is a run state: that tells faults", () => {
  const profile: GbProfile = {
    id: 'make',
    name: 'make',
    unreadableReply: 'deny',
    heartbeats: [
      { command: 2, form: 'data', dataHex: '16' },
      { command: 2, form: 'type', type: 21 },
      { command: 200, form: 'empty' },
    ],
  };
  assert.equal(treatmentOf(frame(2, unreadable), profile), 'heartbeat');
  assert.equal(treatmentOf(frame(2, runState(9)), profile), 'store');
  assert.equal(treatmentOf(frame(200, empty), profile), 'ignore');
  const other: GbUnit = { ...unreadable, data: Uint8Array.of(0x17) };
  assert.equal(treatmentOf(frame(2, other), profile), 'storeAndDeny');
});

test('a reply swaps the addresses, repeats serial and version, and has a time of its own', () => {
  const at = Date.UTC(2026, 2, 5, 6, 7, 10);
  const hex = (answer: 'confirm' | 'deny') =>
    Buffer.from(replyTo(frame(2, empty), answer, at, standardGbProfile)).toString('hex');
  assert.equal(hex('confirm'), '4040020101010a070e05031a0100000000004d3c2b1a00000000031823' + '23');
  assert.equal(hex('deny'), '4040020101010a070e05031a0100000000004d3c2b1a00000000061b2323');
  assert.equal(decodeGbFrame(Buffer.from(hex('deny'), 'hex')).kind, 'frame');
});
