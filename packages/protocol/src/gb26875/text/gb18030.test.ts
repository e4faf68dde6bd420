import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toHex } from '../hex.ts';
import { decodeGb18030, encodeGb18030 } from './gb18030.ts';
import { decodeTextField, encodeTextField, textFieldProblem } from './text-field.ts';

test('characters of one, two and four bytes have the codes of an independent implementation (CPython 3.11)', () => {
  const codes: Readonly<Record<string, string>> = {
    A: '41',
    三: 'c8fd',
    层: 'b2e3',
    '€': 'a2e3',
    é: 'a8a6',
    '¥': '81308436',
    㐀: '8139ee39',
    '\ufffd': '8431a437',
    '\u3000': 'a1a1',
    𠀀: '95328236',
    '😀': '9439fc36',
    '消防水泵🔥': 'cffbb7c0cbaeb1c39439e637',
  };
  for (const [text, code] of Object.entries(codes)) {
    assert.equal(toHex(encodeGb18030(text)), code, text);
    assert.equal(decodeGb18030(Uint8Array.from(Buffer.from(code, 'hex'))), text);
  }
});

test('every character that can be encoded comes back, and only private ones cannot', () => {
  for (let codePoint = 0; codePoint < 0x110000; codePoint += codePoint < 0x10000 ? 1 : 251) {
    if (codePoint >= 0xd800 && codePoint < 0xe000) continue;
    const character = String.fromCodePoint(codePoint);
    const back = decodeGb18030(encodeGb18030(character));
    if (back === character) continue;
    assert.equal(back, '?', codePoint.toString(16));
    assert.ok(codePoint >= 0xe000 && codePoint < 0xf900, codePoint.toString(16));
  }
});

test('a lone surrogate becomes a question mark', () => {
  assert.equal(toHex(encodeGb18030('a\ud800b')), '613f62');
});

test('a field is read up to the first NUL, without a cut character and trailing blanks', () => {
  const read = (hex: string) => decodeTextField(Uint8Array.from(Buffer.from(hex, 'hex')));
  assert.equal(read('c8fdb2e30041ff'), '三层');
  assert.equal(read('c8fdb2e3c5'), '三层');
  assert.equal(read('c8fd9439fc'), '三');
  assert.equal(read('c8fd202020'), '三');
  assert.equal(read('00'), '');
  assert.equal(read(''), '');
  assert.equal(read('c8'), '');
  assert.equal(read('c8fd'), '三');
});

test('a field is cut between characters and padded', () => {
  const write = (text: string, length: number, pad?: 'nul' | 'space') => toHex(encodeTextField(text, length, pad));
  assert.equal(write('三层', 5), 'c8fdb2e300');
  assert.equal(write('三层', 3), 'c8fd00');
  assert.equal(write('三😀', 5), 'c8fd000000');
  assert.equal(write('三', 4, 'space'), 'c8fd2020');
});

test('a text that a field cannot hold is told with the reason', () => {
  assert.equal(textFieldProblem('三层配电间', 31), undefined);
  assert.equal(textFieldProblem('三层 ', 31), undefined);
  assert.equal(textFieldProblem('三层配电间', 9), '10 bytes of GB 18030, at most 9 expected');
  assert.equal(textFieldProblem('a\0b', 31), 'a text of GB 18030 without NUL expected');
  assert.equal(textFieldProblem('\ud800', 31), 'a text of GB 18030 without NUL expected');
});
