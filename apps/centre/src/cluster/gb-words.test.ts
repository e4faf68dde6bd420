import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GbFrame, GbUnit } from '@fengsui/protocol';
import fc from 'fast-check';
import type { GbRequest, GbResult } from '../intake/gb26875/transactions.ts';
import { readRequest, readResult, sayRequest, sayResult } from './gb-words.ts';

/** As the bus carries it. */
const carried = <T>(said: T): T => JSON.parse(JSON.stringify(said)) as T;

/** Bytes as numbers: a Buffer and a Uint8Array of the same bytes are the same. */
const plain = (value: unknown): unknown =>
  value instanceof Uint8Array
    ? { bytes: [...value] }
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value).map(([name, part]) => [name, plain(part)]))
      : value;

const byte = fc.integer({ min: 0, max: 255 });
const bytes = fc.uint8Array({ maxLength: 40 });
const unit: fc.Arbitrary<GbUnit> = fc.oneof(
  fc.constant<GbUnit>({ kind: 'empty' }),
  fc.record({
    kind: fc.constantFrom('userDefined' as const, 'reserved' as const),
    type: byte,
    count: byte,
    body: bytes,
  }),
  fc.record({
    kind: fc.constant('unreadable' as const),
    data: bytes,
    reason: fc.constant('length' as const),
    detail: fc.string(),
  }),
  fc.record({
    kind: fc.constant('objects' as const),
    type: byte,
    by: fc.constantFrom('standard' as const, 'profile' as const),
    objects: fc.array(fc.record({ systemType: byte, partAddress: fc.constant('03000c00'), description: fc.string() })),
  }),
) as fc.Arbitrary<GbUnit>;
const frame: fc.Arbitrary<GbFrame> = fc.record({
  serial: fc.integer({ min: 0, max: 65_535 }),
  version: fc.record({ major: byte, user: byte }),
  source: fc.constant('0a0000000001'),
  destination: fc.constant('010000000000'),
  command: byte,
  unit,
});

test('a request comes over the bus as it was, its bytes too', () => {
  const request: fc.Arbitrary<GbRequest> = fc.record(
    {
      command: fc.constantFrom(1 as const, 4 as const),
      unit: fc.oneof(fc.constant('clock' as const), unit),
      actId: fc.string(),
    },
    { requiredKeys: ['command', 'unit'] },
  );
  fc.assert(
    fc.property(request, (given) => assert.deepEqual(plain(readRequest(carried(sayRequest(given)))), plain(given))),
  );
});

test('how it ended comes back as it was, with the response or without', () => {
  const result: fc.Arbitrary<GbResult> = fc.record(
    {
      outcome: fc.constantFrom('answered' as const, 'confirmed' as const, 'noAnswer' as const),
      serial: fc.integer({ min: -1, max: 65_535 }),
      type: byte,
      transmissions: fc.integer({ min: 0, max: 4 }),
      startedAt: fc.integer({ min: 0 }),
      frame,
    },
    { requiredKeys: ['outcome', 'serial', 'type', 'transmissions', 'startedAt'] },
  );
  fc.assert(
    fc.property(result, (given) => assert.deepEqual(plain(readResult(carried(sayResult(given)))), plain(given))),
  );
});
