import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyMapping, mapMessage } from './apply-mapping.ts';
import { bytesOfBase64, decodeEmbedded } from './embedded.ts';
import type { Mapping } from './mapping.ts';
import { readMapping } from './read-mapping.ts';

// Encoded by the program base64.
const JSON_IN_BASE64 = 'eyJ0IjoyNS4zLCJzIjoi54OfIn0=';

test('base64 is read as the program base64 writes it, with and without padding, in both alphabets', () => {
  const textOf = (text: string): string => new TextDecoder().decode(bytesOfBase64(text));
  assert.equal(textOf(JSON_IN_BASE64), '{"t":25.3,"s":"烟"}');
  // RFC 4648 section 10.
  const vectors = {
    '': '',
    'Zg==': 'f',
    'Zm8=': 'fo',
    Zm9v: 'foo',
    'Zm9vYg==': 'foob',
    'Zm9vYmE=': 'fooba',
    Zm9vYmFy: 'foobar',
  };
  for (const [encoded, plain] of Object.entries(vectors)) {
    assert.equal(textOf(encoded), plain);
    assert.equal(textOf(encoded.replaceAll('=', '')), plain);
  }
  assert.deepEqual([...(bytesOfBase64('YWI_Pg') ?? [])], [...(bytesOfBase64('YWI/Pg==') ?? [])]);
  for (const bad of ['Z', 'Zg=x', 'ä', 'Zm9v!']) assert.equal(bytesOfBase64(bad), undefined, bad);
});

test('what is embedded is JSON, text or bytes, and anything else is named', () => {
  assert.deepEqual(decodeEmbedded(JSON_IN_BASE64, { path: '', encoding: 'base64' }), { value: { t: 25.3, s: '烟' } });
  assert.deepEqual(decodeEmbedded('AQL/', { path: '', encoding: 'base64', content: 'bytes' }), { value: [1, 2, 255] });
  assert.deepEqual(decodeEmbedded('01 02 FF', { path: '', encoding: 'hex', content: 'bytes' }), { value: [1, 2, 255] });
  assert.deepEqual(decodeEmbedded('4f4e', { path: '', encoding: 'hex', content: 'text' }), { value: 'ON' });
  assert.deepEqual(decodeEmbedded('AQL/', { path: '', encoding: 'base64', content: 'text' }), {
    refused: 'embeddedUnreadable',
  });
  assert.deepEqual(decodeEmbedded('4f4', { path: '', encoding: 'hex' }), { refused: 'embeddedUnreadable' });
  assert.deepEqual(decodeEmbedded(7, { path: '' }), { refused: 'embeddedNotJson' });
});

test('the wrapper of an embedded message and the levels of the topic stay in reach', () => {
  const mapping: Mapping = {
    schemaVersion: 1,
    name: 'wrapped',
    embedded: { path: 'payload.APPdata', encoding: 'base64' },
    device: { path: '@topic[2]' },
    key: ['@wrapper.sn'],
    time: { path: '@wrapper.timestamp', format: 'epochMs' },
    values: [{ path: 't', point: 'heat.temperatureC' }],
    conditions: [{ path: '@wrapper.kind', cases: { '3': { kind: 'smoke' } } }],
  };
  assert.equal(readMapping(mapping).kind, 'mapping');
  const message = { sn: 7, kind: 3, timestamp: 1_763_718_000_123, payload: { APPdata: JSON_IN_BASE64 } };
  const about = { deviceId: 'D1', at: 1_763_718_000_123, key: '["7"]' };
  assert.deepEqual(applyMapping(mapping, message, 'vendor/up/D1').statements, [
    { ...about, kind: 'values', values: { 'heat.temperatureC': 25.3 } },
    { ...about, kind: 'condition', eventKind: 'smoke', point: '', level: 'alarm', active: true },
  ]);
  assert.equal(applyMapping(mapping, message).unmapped[0]?.reason, 'deviceMissing');
  const inLists = {
    ...mapping,
    embedded: undefined,
    reports: 'list[*]',
    key: undefined,
    time: undefined,
    conditions: undefined,
  };
  const plain = JSON.parse(JSON.stringify(inLists)) as Mapping;
  assert.deepEqual(
    applyMapping(plain, { list: [{ t: 1 }, { t: 2 }] }, 'a/b/D2').statements.map(({ deviceId }) => deviceId),
    ['D2', 'D2'],
  );
});

test('of several mappings of one source the first that has something to say counts', () => {
  const one = (name: string, path: string, topic?: string): Mapping => ({
    schemaVersion: 1,
    name,
    ...(topic !== undefined && { applies: { topic } }),
    device: { path: 'id' },
    values: [{ path, point: name }],
  });
  const set = {
    schemaVersion: 1 as const,
    name: 'set',
    variants: [one('p.a', 'a'), one('p.b', 'b'), one('p.c', 'b', 'only/+')],
  };
  assert.equal(readMapping(set).kind, 'mapping');
  const pointsOf = (body: object, topic?: string) =>
    applyMapping(set, body, topic).statements.map((statement) => (statement.kind === 'values' ? statement.values : {}));
  assert.deepEqual(pointsOf({ id: 'D', a: 1 }), [{ 'p.a': 1 }]);
  assert.deepEqual(pointsOf({ id: 'D', b: 2 }), [{ 'p.b': 2 }]);
  assert.equal(applyMapping(set, { id: 'D', x: 2 }).unmapped[0]?.reason, 'nothingMapped');
  const narrow = { ...set, variants: [one('p.c', 'b', 'only/+')] };
  assert.equal(applyMapping(narrow, { id: 'D', b: 2 }, 'other/x').unmapped[0]?.reason, 'noVariant');
  assert.equal(mapMessage(narrow, { text: 'ON', topic: 'only/x' }).unmapped[0]?.reason, 'notJson');
  const when: Mapping = { ...one('p.a', 'a'), applies: { has: ['id'], when: [{ path: 'type', is: ['1'] }] } };
  assert.equal(applyMapping(when, { id: 'D', type: 1, a: 1 }).statements.length, 1);
  assert.equal(applyMapping(when, { id: 'D', type: 2, a: 1 }).statements.length, 0);
  const bad = readMapping({ ...set, variants: [{ ...one('p', '[*]'), applies: { topic: 'fengsui/v1/#' } }] });
  assert.equal(bad.kind === 'problems' && bad.problems.length, 2);
});
