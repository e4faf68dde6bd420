import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fengsui } from './harness/centre-process.ts';
import { TerminalProcess } from './harness/terminal-process.ts';

const limits = { timeout: 300_000 };
const NAME = '茶水间 kettle';
let folder: string;

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fengsui-teach-'));
});
after(() => rm(folder, { recursive: true, force: true }));

const stateFile = (): string => path.join(folder, 'd1.json');

type Listed = { readonly id: string; readonly way: string; readonly powerW: number; readonly name: string };

/** `teach list`, line by line: id, instant, way, power, name. */
async function list(): Promise<readonly Listed[]> {
  const { stdout } = await teach('list');
  return stdout.split('\n').flatMap((line) => {
    if (line === '') return [];
    const found = /^(c\d-\S+) {2}\d{4}-\d\d-\d\dT\S+Z {2}(on |off) +(\d+) W {2}(.+)$/.exec(line);
    assert.ok(found, `a line of another form: "${line}"`);
    const [, id = '', way = '', power = '', name = ''] = found;
    return [{ id, way: way.trim(), powerW: Number(power), name }];
  });
}

async function teach(...args: string[]): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const ended = await fengsui(['terminal', 'teach', ...args, '--state', stateFile()]);
  assert.equal(ended.code, 0, `${args.join(' ')}: ${ended.stderr}`);
  return ended;
}

/** Without a centre: what is taught on site needs none. */
async function watch(): Promise<void> {
  // Eight seconds apart: what goes on and off faster and again is taken for a load that pulses, and told once.
  const source = 'city:load?type=kettle&seed=3&circuits=1&after=2&on=8&off=8';
  const speed = ['--speed', 'max', '--duration', '38', '--flush', '0', '--state', stateFile()];
  const terminal = new TerminalProcess(
    ['--source', source, '--device', 'D1', '--centre', 'mqtt://127.0.0.1:1', ...speed],
    'x',
  );
  // Nothing was acknowledged: that ends with 1.
  assert.equal(await terminal.ends(), 1, terminal.stderr);
}

test('what was switched is listed with way, power and name, in the order of time', limits, async () => {
  await watch();
  const loads = await list();
  assert.deepEqual(
    loads.map(({ way }) => way),
    ['on', 'off', 'on', 'off', 'on'],
  );
  const [first] = loads;
  assert.ok(first && first.powerW > 700, JSON.stringify(loads));
  for (const { powerW, name } of loads) {
    assert.ok(Math.abs(powerW / first.powerW - 1) < 0.05);
    assert.match(name, /^(resistive|kettle) \((family|type), \d+ %\)$/);
  }
});

test('renamed, it is a device; the next switching bears its name, and confirming makes it surer', limits, async () => {
  const [first] = await list();
  const renamed = await teach('rename', first?.id ?? '', NAME, '--by', 'electrician');
  assert.equal(renamed.stdout, `c1 version 1: d1 ${NAME} (1)\n`);
  await watch();
  const newest = (await list()).at(-1);
  assert.match(newest?.name ?? '', new RegExp(`^${NAME} \\(device, \\d+ %\\)$`));
  const confirmed = await teach('confirm', newest?.id ?? '');
  assert.equal(confirmed.stdout, `c1 version 2: d1 ${NAME} (2)\n`);
});

test('a second device of the circuit is another one, and a rejected one loses nothing else', limits, async () => {
  const loads = await list();
  const other = await teach('rename', loads[2]?.id ?? '', 'iron');
  assert.match(other.stdout, /^c1 version 3: d1 .*, d3 iron \(1\)\n$/);
  const rejected = await teach('reject', loads.at(-1)?.id ?? '');
  assert.match(rejected.stdout, /^c1 version 4: d1 .*, d3 iron \(1\)\n$/);
});

test('every step is in the history with who and what, and can be taken back', limits, async () => {
  const stepsOf = async (): Promise<string[]> => (await teach('history', '--circuit', 'c1')).stdout.trim().split('\n');
  const steps = await stepsOf();
  assert.deepEqual(
    steps.map((line) => line.split(/ {2}/)[1]),
    ['1', '2', '3', '4'],
  );
  assert.match(steps[0] ?? '', new RegExp(`^c1 {2}1 {2}\\S+Z {2}electrician {2}confirm d1 ${NAME}$`));
  assert.match(steps[3] ?? '', / {2}- {2}reject d1$/);
  const back = await teach('roll-back', '1', '--circuit', 'c1');
  assert.equal(back.stdout, `c1 version 5: d1 ${NAME} (1)\n`);
  assert.match((await stepsOf()).at(-1) ?? '', / {2}rollBack to 1$/);
  const forgotten = await teach('forget', 'd1', '--circuit', 'c1');
  assert.equal(forgotten.stdout, 'c1 version 6: no device\n');
  await watch();
  assert.match((await list()).at(-1)?.name ?? '', /^(resistive|kettle) \(/, 'what is forgotten is not named');
});

test('what cannot be learned is refused with its reason, and changes nothing', limits, async () => {
  const [first] = await list();
  const id = first?.id ?? '';
  const taught = await readFile(path.join(folder, 'd1.taught.json'), 'utf8');
  const refusals: readonly (readonly [args: readonly string[], code: number, words: RegExp])[] = [
    [['confirm', 'c1-none-1'], 1, /no load event c1-none-1; it is not of this terminal, or too old/],
    [['rename', id, '   '], 1, /a name is needed/],
    [['rename', id], 1, /a name is needed/],
    [['roll-back', '99', '--circuit', 'c1'], 1, /version is 99, expected one of 0, 1/],
    [['roll-back', 'x', '--circuit', 'c1'], 2, /version is x, a whole number expected/],
    [['forget', 'd9', '--circuit', 'c1'], 1, /device is d9, expected one that is enrolled: none/],
    [['forget', 'd1'], 2, /--circuit c1 is needed/],
    [['dance'], 2, /teach what\?/],
    [['--pull', 'http://127.0.0.1:1'], 2, /--device ID is needed/],
  ];
  for (const [args, code, words] of refusals) {
    const ended = await fengsui(['terminal', 'teach', ...args, '--state', stateFile()]);
    assert.deepEqual([ended.code, ended.stdout], [code, ''], args.join(' '));
    assert.match(ended.stderr, words);
  }
  assert.equal(await readFile(path.join(folder, 'd1.taught.json'), 'utf8'), taught);
  const stateless = await fengsui(['terminal', 'teach', 'list']);
  assert.deepEqual([stateless.code, stateless.stdout], [2, '']);
});

test('a file that somebody half edited is named and not written over', limits, async () => {
  const file = path.join(folder, 'd1.taught.json');
  await writeFile(file, '{"c1":');
  const [first] = await list();
  const ended = await fengsui(['terminal', 'teach', 'rename', first?.id ?? '', 'x', '--state', stateFile()]);
  assert.equal(ended.code, 1);
  assert.match(ended.stderr, /d1\.taught\.json: expected JSON as this program wrote it/);
  assert.equal(await readFile(file, 'utf8'), '{"c1":');
});
