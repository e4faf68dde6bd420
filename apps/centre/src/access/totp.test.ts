import assert from 'node:assert/strict';
import { test } from 'node:test';
import { base32, codeOfStep, otpauthUri, stepOfCode } from './totp.ts';

const SECRET = Buffer.from('12345678901234567890');

test('codes are those of RFC 6238, appendix B: the last six of its eight digits', () => {
  const golden: readonly (readonly [timeS: number, code: string])[] = [
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ];
  for (const [timeS, code] of golden) {
    assert.equal(codeOfStep(SECRET, Math.floor(timeS / 30)), code.slice(2), String(timeS));
    assert.equal(stepOfCode(SECRET, code.slice(2), timeS * 1000), Math.floor(timeS / 30));
  }
});

test('codes are those of RFC 4226, appendix D', () => {
  const golden = ['755224', '287082', '359152', '969429', '338314', '254676', '287922', '162583', '399871', '520489'];
  assert.deepEqual(
    golden.map((_code, counter) => codeOfStep(SECRET, counter)),
    golden,
  );
});

test('a code counts half a minute before and after its own, and no longer', () => {
  // RFC 4226: 969429 is counter 3, from 90 s to 120 s.
  const counts = (timeS: number): boolean => stepOfCode(SECRET, '969429', timeS * 1000) === 3;
  assert.deepEqual([59.999, 60, 149.999, 150].map(counts), [false, true, true, false]);
  assert.equal(stepOfCode(SECRET, '96942', 100_000), undefined);
  assert.equal(stepOfCode(SECRET, '', 0), undefined);
});

test('base 32 is that of RFC 4648, section 10, without padding', () => {
  const golden = {
    '': '',
    f: 'MY',
    fo: 'MZXQ',
    foo: 'MZXW6',
    foob: 'MZXW6YQ',
    fooba: 'MZXW6YTB',
    foobar: 'MZXW6YTBOI',
  };
  for (const [text, encoded] of Object.entries(golden)) assert.equal(base32(Buffer.from(text)), encoded);
});

test('the address for an app names issuer, account and all parameters', () => {
  assert.equal(
    otpauthUri('李 雷', SECRET),
    'otpauth://totp/Fengsui:%E6%9D%8E%20%E9%9B%B7?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Fengsui&' +
      'algorithm=SHA1&digits=6&period=30',
  );
});
