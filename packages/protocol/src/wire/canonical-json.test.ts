import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalJson } from './canonical-json.ts';

test('the examples of RFC 8785 have the text the RFC prints', () => {
  // Section 3.2.2 and 3.2.3, literally.
  const serialised = JSON.parse(
    String.raw`{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],` +
      String.raw`"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`,
  ) as unknown;
  assert.equal(
    canonicalJson(serialised),
    String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
  );
  const sorted = JSON.parse(
    String.raw`{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One",` +
      String.raw`"\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}`,
  ) as unknown;
  assert.deepEqual(
    [...canonicalJson(sorted).matchAll(/:"([^"]+)"/g)].map(([, name]) => name),
    [
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ],
  );
});

test('numbers have the forms of the appendix B of RFC 8785', () => {
  const rows: readonly [string, string][] = [
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'],
    ['44b52d02c7e14af6', '1e+23'],
    ['41b3de4355555554', '333333333.33333325'],
    ['41b3de4355555556', '333333333.3333334'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
    ['43143ff3c1cb0959', '1424953923781206.2'],
  ];
  for (const [bits, text] of rows) {
    const view = new DataView(new ArrayBuffer(8));
    view.setBigUint64(0, BigInt(`0x${bits}`));
    assert.equal(canonicalJson(view.getFloat64(0)), text, bits);
  }
});

test('what has no canonical form is refused with its place', () => {
  const deep = Array.from({ length: 70 }).reduce<unknown>((inner) => [inner], 1);
  const rows: readonly [unknown, RegExp][] = [
    [{ a: [1, NaN] }, /\/a\[1\] is NaN/],
    [{ a: { b: '\ud800' } }, /\/a\/b holds a lone surrogate/],
    [{ '\udc00': 1 }, /lone surrogate/],
    [{ a: 1n }, /\/a is of type bigint/],
    [undefined, /undefined/],
    [deep, /nested deeper/],
  ];
  for (const [value, words] of rows) assert.throws(() => canonicalJson(value), words);
  assert.equal(canonicalJson({ b: undefined, a: 1 }), '{"a":1}');
});
