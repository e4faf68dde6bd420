import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiClient } from '../contract/client/api-client.ts';
import { eventually } from '../contract/client/eventually.ts';
import { fengsui } from '../harness/centre-process.ts';
import { GbCentre } from './client/gb-centre.ts';

/** Two analog values, an on-duty check, a response: constructed by hand from the tables of the standard. */
const frames = [
  '4040030101010108 0e05031a4d3c2b1a0000010000000000 2200 02 0302 010112 03000d00 03 83ff 00080e05031a 010110 03000100 08 f808 00080e05031a 6e 2323',
  '4040070001010009 0e05031a0100000000004d3c2b1a00000300 01 5b0105 76 2323',
  '40400800 0101000b0e05031a4d3c2b1a0000010000000000 0900 05 150109 1e020e05031a 91 2323',
];
const hex = frames.map((frame) => frame.replaceAll(' ', ''));

type Line = Readonly<Record<string, unknown>> & { readonly objects?: readonly Readonly<Record<string, unknown>>[] };
const linesOf = (stdout: string): Line[] =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

test('decode prints a frame a line, and encode gives the same bytes back', async () => {
  const decoded = await fengsui(['gb26875', 'decode', '-'], { input: `${frames.join('\n')}\nnot hex\n` });
  assert.equal(decoded.code, 0);
  const lines = linesOf(decoded.stdout);
  assert.deepEqual(
    lines.map(({ valid, command, type }) => [valid, command, type]),
    [
      [true, 2, 3],
      [true, 1, 91],
      [true, 5, 21],
      [false, undefined, undefined],
    ],
  );
  assert.deepEqual(
    lines[0]?.objects?.map(({ value, unit, at }) => [value, unit, at]),
    [
      [-12.5, '°C', '2026-03-05T14:08:00+08:00'],
      [229.6, 'V', '2026-03-05T14:08:00+08:00'],
    ],
  );
  const back = lines.slice(0, 3).map((line) => JSON.stringify(line));
  const encoded = await fengsui(['gb26875', 'encode'], { input: back.join('\n') });
  assert.deepEqual(encoded.stdout.trim().split('\n'), hex);
});

test('decode --stream finds frames by their length among noise; a wrong line of encode is named', async () => {
  const stream = `2323${hex[0] ?? ''}4040${hex[1] ?? ''}`;
  const { code, stdout } = await fengsui(['gb26875', 'decode', '--stream', '--hex', stream]);
  assert.equal(code, 0);
  const lines = linesOf(stdout);
  assert.deepEqual(
    lines.filter(({ valid }) => valid).map(({ serial }) => serial),
    [259, 7],
  );
  // Not a byte is lost: what is no frame is printed too.
  const rest = lines.filter(({ valid }) => valid === false).map(({ bytes }) => bytes);
  assert.equal(rest.join(''), '23234040');
  const refused = await fengsui(['gb26875', 'encode'], { input: '{"serial":70000}\n' });
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /line 1: serial is 70000, an integer 0…65535 expected/);
  assert.equal((await fengsui(['gb26875', 'decipher'])).code, 2);
});

test('simulate is a device: it raises a fire, answers an on-duty check, and ends with 0 when all was confirmed', async () => {
  const centre = await GbCentre.start();
  try {
    await centre.register('S1', '0102030405aa');
    const running = fengsui(
      ['gb26875', 'simulate', '--centre', `127.0.0.1:${centre.port}`, '--address', '0102030405aa']
        .concat(['--states', '50', '--fire', '1', '--clear', '2', '--answer', '1', '--operator', '42'])
        .concat(['--duration', '6']),
    );
    const operator = new ApiClient(centre.process.webUrl, await centre.process.createToken('operator'));
    await eventually('the fire', async () => (await centre.api.alarmsOf('S1')).some(({ kind }) => kind === 'fire'));
    assert.equal((await operator.post('/api/v1/devices/S1/gb/on-duty-check', {})).status, 200);
    const answered = await eventually('the answer', async () => {
      const { items } = await operator.get<{ items: { state: string; operator?: number }[] }>(
        '/api/v1/devices/S1/gb/on-duty-checks',
      );
      return items[0]?.state === 'answered' ? items[0] : undefined;
    });
    assert.equal(answered.operator, 42);
    const { code, stdout, stderr } = await running;
    assert.equal(code, 0, stderr);
    assert.match(stderr, /53 uploads confirmed, 0 without an answer, 0 failed/);
    assert.ok(linesOf(stdout).some(({ direction, type }) => direction === 'received' && type === 90));
  } finally {
    await centre.dispose();
  }
});
