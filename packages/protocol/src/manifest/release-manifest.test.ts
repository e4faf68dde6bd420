import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fitOf, type TerminalFacts } from './release-fit.ts';
import { manifestBytes, readManifest, releaseIdOf, type ReleaseManifest } from './release-manifest.ts';
import { readUpdateEvidence } from './update-evidence.ts';
import { compareVersions } from './version.ts';

const manifest: ReleaseManifest = {
  format: 'fengsui-release',
  schemaVersion: 1,
  kind: 'model',
  name: 'fengsui-city',
  version: '2.1',
  sha256: 'ab'.repeat(32),
  bytes: 1000,
  requires: {},
  notes: { zh: '说明', en: 'notes' },
  createdAt: 1763718000000,
  keyId: '21fe31dfa154a261',
  signature: 'A'.repeat(86),
};
const facts: TerminalFacts = {
  deviceModel: 'generic-terminal',
  terminalVersion: '1.4.0',
  sampleRateHz: 6400,
  running: { name: 'fengsui-city', version: '2' },
};

test('versions are ordered part by part as numbers, and a missing part is 0', () => {
  const ordered = ['0', '0.9', '0.10', '1', '1.0.1', '1.2', '1.10', '2', '10'];
  for (const [i, one] of ordered.entries())
    for (const [j, other] of ordered.entries()) assert.equal(Math.sign(compareVersions(one, other)), Math.sign(i - j));
  assert.equal(compareVersions('1.2', '1.2.0'), 0);
  for (const bad of ['', '1.', 'v1', '01', '1.2.3.4.5', '1-beta', '../1'])
    assert.throws(() => compareVersions(bad, '1'), /expected such as/, bad);
});

test('a manifest is read whole or refused with the place; a model may not weigh more than its limit', () => {
  assert.deepEqual(readManifest(manifest), { manifest });
  assert.equal(releaseIdOf(manifest), 'model-fengsui-city-2.1');
  const changes: readonly (readonly [object, RegExp])[] = [
    [{ format: 'other' }, /format/],
    [{ sha256: 'AB' }, /sha256/],
    [{ version: '2.1-beta' }, /version/],
    [{ name: '../etc' }, /name/],
    [{ extra: 1 }, /additional|extra/],
    [{ bytes: 204_801 }, /bytes is 204801, expected at most 204800 of a model/],
    [{ signature: 'A'.repeat(85) }, /signature/],
    [{ rollBack: false }, /rollBack/],
  ];
  for (const [change, words] of changes) {
    const read = readManifest({ ...manifest, ...change });
    assert.ok('problem' in read, JSON.stringify(change));
    assert.match(read.problem, words);
  }
});

test('the signed bytes are RFC 8785 of the manifest without its signature, whatever the order of its members', () => {
  const text = new TextDecoder().decode(manifestBytes(manifest));
  assert.equal(
    text,
    '{"bytes":1000,"createdAt":1763718000000,"format":"fengsui-release","keyId":"21fe31dfa154a261","kind":"model",' +
      `"name":"fengsui-city","notes":{"en":"notes","zh":"说明"},"requires":{},"schemaVersion":1,"sha256":"${'ab'.repeat(32)}","version":"2.1"}`,
  );
  fc.assert(
    fc.property(fc.shuffledSubarray(Object.keys(manifest), { minLength: Object.keys(manifest).length }), (names) => {
      const shuffled = Object.fromEntries(names.map((name) => [name, manifest[name as keyof ReleaseManifest]]));
      assert.deepEqual(manifestBytes(shuffled as ReleaseManifest), manifestBytes(manifest));
    }),
  );
});

test('an older release is refused unless it says that it is a roll-back; what runs is not taken twice', () => {
  const running = (version: string, sha256?: string): TerminalFacts => ({
    ...facts,
    running: { name: 'fengsui-city', version, ...(sha256 !== undefined && { sha256 }) },
  });
  const codeOf = (given: ReturnType<typeof fitOf>): string => (typeof given === 'string' ? given : given.refused);
  assert.equal(fitOf(manifest, running('2')), 'fits');
  assert.equal(codeOf(fitOf(manifest, running('3'))), 'olderVersion');
  assert.equal(fitOf({ ...manifest, rollBack: true }, running('3')), 'fits');
  assert.equal(fitOf(manifest, running('2.1', manifest.sha256)), 'running');
  assert.equal(codeOf(fitOf(manifest, running('2.1', 'cd'.repeat(32)))), 'sameVersion');
  assert.equal(codeOf(fitOf({ ...manifest, name: 'other' }, running('2'))), 'otherName');
});

test('what a release requires of a terminal is asked before it is taken', () => {
  const fit = (requires: ReleaseManifest['requires'], change: Partial<TerminalFacts> = {}): string => {
    const given = fitOf({ ...manifest, requires }, { ...facts, ...change });
    return typeof given === 'string' ? given : given.refused;
  };
  assert.equal(fit({ terminalVersionFrom: '1.4', terminalVersionBelow: '2' }), 'fits');
  assert.equal(fit({ terminalVersionFrom: '1.4.1' }), 'requirementNotMet');
  assert.equal(fit({ terminalVersionBelow: '1.4' }), 'requirementNotMet');
  assert.equal(fit({ sampleRateHzFrom: 6400, sampleRateHzTo: 6400 }), 'fits');
  assert.equal(fit({ sampleRateHzFrom: 8000 }), 'requirementNotMet');
  const { sampleRateHz: _none, ...unsampled } = facts;
  assert.notEqual(fitOf({ ...manifest, requires: { sampleRateHzTo: 9000 } }, unsampled), 'fits');
  assert.equal(fit({ deviceModels: ['leak-terminal'] }), 'requirementNotMet');
  assert.equal(fit({}, { deviceModel: 'leak-terminal' }), 'requirementNotMet', 'made for generic-terminal by default');
});

test('the evidence of an update is read when it is whole, and is no evidence otherwise', () => {
  const said = {
    schema: 'update/1',
    rolloutId: 'r',
    kind: 'model',
    name: 'm',
    version: '2',
    state: 'failed',
    running: '1',
  };
  assert.deepEqual(readUpdateEvidence({ ...said, code: 'goldenCheck', more: 1 })?.code, 'goldenCheck');
  for (const change of [
    { schema: 'x' },
    { state: 'sent' },
    { kind: 'firmware' },
    { running: 1 },
    { detail: 'x'.repeat(501) },
  ])
    assert.equal(readUpdateEvidence({ ...said, ...change }), undefined);
  for (const none of [undefined, null, 'text', []]) assert.equal(readUpdateEvidence(none), undefined);
});
