import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { test, type TestContext } from 'node:test';
import { eventually } from '../../../terminal/test/eventually.ts';
import { TestBroker } from '../../../terminal/test/test-broker.ts';

const executable = path.resolve(import.meta.dirname, '../../bin/fengsui.mjs');

type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

type Call = {
  readonly environment?: Readonly<Record<string, string>>;
  /** Sends SIGTERM when it resolves. */
  readonly until?: () => Promise<void>;
};

async function fengsui(args: readonly string[], call: Call = {}): Promise<Ended> {
  const { FENGSUI_DEVICE_SECRET: _ours, ...environment } = process.env;
  const child = spawn(process.execPath, [executable, ...args], {
    env: { ...environment, ...call.environment },
    timeout: 400_000,
    killSignal: 'SIGKILL',
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
  if (call.until !== undefined) {
    await call.until();
    child.kill('SIGTERM');
  }
  const code = await closed;
  return { code, stdout, stderr };
}

async function folderOf(context: TestContext): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'fengsui-terminal-'));
  context.after(() => rm(folder, { recursive: true }));
  return folder;
}

async function brokerOf(context: TestContext): Promise<TestBroker> {
  const broker = await TestBroker.start();
  context.after(() => broker.stop());
  return broker;
}

/** 230 V, 10 A and from 1 s on 30 A, at 3200 Hz. */
function overloadCsv(durationS: number): string {
  const rows = Array.from({ length: durationS * 3200 }, (_, frame) => {
    const sine = Math.SQRT2 * Math.sin((2 * Math.PI * 50 * frame) / 3200);
    return `${230 * sine},${(frame < 3200 ? 10 : 30) * sine}`;
  });
  return ['# sampleRateHz=3200 mainsHz=50', 'voltageV,currentA', ...rows, ''].join('\n');
}

test('a file with an overload is played and delivered, and the command ends with 0', async (context) => {
  const folder = await folderOf(context);
  const broker = await brokerOf(context);
  const file = path.join(folder, 'overload.csv');
  const secretFile = path.join(folder, 'secret');
  const state = path.join(folder, 'state.json');
  await writeFile(file, overloadCsv(6));
  await writeFile(secretFile, 's3cret\n');
  const source = ['--source', file, '--rated', 'c1=16', '--speed', 'max', '--no-loads'];
  const device = ['--device', 'D1', '--centre', broker.url, '--secret-file', secretFile, '--state', state];
  const { code, stdout, stderr } = await fengsui(['terminal', ...source, ...device]);
  assert.deepEqual([code, stdout], [0, ''], stderr);
  assert.match(stderr, /device D1 connected to mqtt:/);
  const kinds = broker.received.map(({ topic }) => topic.split('/')[3]);
  assert.equal(kinds.filter((kind) => kind === 'telemetry').length, 6);
  assert.deepEqual(
    kinds.filter((kind) => kind !== 'telemetry'),
    ['presence', 'event', 'capture', 'presence'],
  );
  const kept = JSON.parse(await readFile(state, 'utf8')) as {
    state: { hazards: { union: { told: { kind: string }[] } } };
  };
  assert.deepEqual(
    kept.state.hazards.union.told.map(({ kind }) => kind),
    ['overload'],
  );
});

test('SIGTERM ends an endless source with 0', async (context) => {
  const broker = await brokerOf(context);
  const { code, stderr } = await fengsui(
    ['terminal', '--source', 'city:normal', '--device', 'D1', '--centre', broker.url, '--interval', '200'],
    {
      environment: { FENGSUI_DEVICE_SECRET: 's3cret' },
      until: () => eventually('telemetry', () => broker.received.some(({ topic }) => topic.endsWith('telemetry'))),
    },
  );
  assert.equal(code, 0, stderr);
  assert.match(broker.received.at(-1)?.payload.toString() ?? '', /"online":false/);
});

test('a refused secret is named with device and reason, and nothing delivered ends with 1 at the end of the file', async (context) => {
  const broker = await brokerOf(context);
  const file = path.join(await folderOf(context), 'short.csv');
  await writeFile(file, overloadCsv(2));
  const { code, stderr } = await fengsui(
    [
      'terminal',
      '--source',
      file,
      '--device',
      'D1',
      '--centre',
      broker.url,
      '--speed',
      'max',
      '--flush',
      '1',
      '--no-loads',
    ],
    { environment: { FENGSUI_DEVICE_SECRET: 'wrong' } },
  );
  assert.equal(code, 1);
  assert.match(
    stderr,
    /device D1 refused by mqtt:.*unknown device or wrong secret \(CONNACK 4\); next attempt in 60 s/,
  );
  assert.match(stderr, /no rated current, so no overload: c1/);
  assert.match(stderr, /2 packets were not acknowledged/);
});

const address = ['--device', 'D1', '--centre', 'mqtt://127.0.0.1:1'];

const wrongCalls: readonly { args: readonly string[]; secret?: string; code: number; words: RegExp }[] = [
  { args: [], code: 2, words: /--source or --fieldbus, --device and --centre are needed/ },
  { args: ['--source', 'city:normal', ...address], code: 2, words: /--secret-file FILE or FENGSUI_DEVICE_SECRET/ },
  { args: ['--source', 'city:nowhere', ...address], secret: 'x', code: 2, words: /expected one of normal/ },
  { args: ['--source', 'none.csv', ...address], secret: 'x', code: 1, words: /none\.csv: ENOENT/ },
  { args: ['--source', 'city:normal', ...address, '--rated', '16'], secret: 'x', code: 2, words: /such as c1=16/ },
  { args: ['--source', 'city:normal', ...address, '--rated', 'c7=9'], secret: 'x', code: 2, words: /has c1, c2/ },
  { args: ['--source', 'city:normal', ...address, '--speed', '0'], secret: 'x', code: 2, words: /--speed 0/ },
  { args: ['--source', 'city:normal', ...address, '--secret', 'x'], code: 2, words: /'--secret'/ },
  {
    args: ['--source', 'city:normal', '--device', 'D1', '--centre', 'localhost'],
    secret: 'x',
    code: 2,
    words: /expected mqtt:/,
  },
  {
    args: ['--source', 'city:normal', ...address, '--secret-file', 'none.secret'],
    code: 1,
    words: /none\.secret/,
  },
];

test('wrong calls end with 2 and failures with 1, each with its reason', async (context) => {
  for (const { args, secret, code, words } of wrongCalls) {
    await context.test(args.join(' ') || 'no option', async () => {
      const ended = await fengsui(['terminal', ...args], {
        environment: secret === undefined ? {} : { FENGSUI_DEVICE_SECRET: secret },
      });
      assert.match(ended.stderr, words);
      assert.deepEqual([ended.code, ended.stdout], [code, '']);
    });
  }
});
