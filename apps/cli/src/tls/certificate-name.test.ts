import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCertificateName } from './certificate-name.ts';

const cases: readonly (readonly [given: string, kind: 'dns' | 'ip', value: string])[] = [
  ['Desk1.Local', 'dns', 'desk1.local'],
  ['desk1.', 'dns', 'desk1'],
  ['bücher.example', 'dns', 'xn--bcher-kva.example'], // RFC 3492 7.1 style, the well-known example
  ['192.168.1.4', 'ip', '192.168.1.4'],
  ['FD00:0:0:0:0:0:0:2', 'ip', 'fd00::2'],
  ['[::1]', 'ip', '::1'],
  ['2001:db8:0:0:1:0:0:1', 'ip', '2001:db8::1:0:0:1'], // RFC 5952 4.2.3
  ['::ffff:192.0.2.1', 'ip', '::ffff:c000:201'],
];

for (const [given, kind, value] of cases) {
  test(`${given} is the ${kind} name ${value}`, () => {
    assert.deepEqual(parseCertificateName(given), { kind, value });
  });
}

test('what is neither a host name nor an address is refused', () => {
  for (const given of [
    '',
    ' ',
    '*.local',
    'a b',
    'a_b',
    '-a',
    'a-',
    'a..b',
    '10.0.0',
    '1.2.3.4.5',
    'fe80::1%eth0',
    'https://a',
  ]) {
    assert.equal(parseCertificateName(given), undefined, given);
  }
  assert.equal(parseCertificateName('a'.repeat(64)), undefined);
});
