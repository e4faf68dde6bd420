import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, rmSync, truncateSync, writeFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openDiskOutbox, type DiskOutbox, type DiskOutboxOptions } from './disk-outbox.ts';
import { drain, report } from './outbox.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'fengsui-outbox-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const newFile = (): string => join(folder, `outbox-${files++}`);

async function withOutbox<Result>(
  options: DiskOutboxOptions,
  use: (outbox: DiskOutbox) => Result | Promise<Result>,
): Promise<Result> {
  const outbox = openDiskOutbox(options);
  try {
    return await use(outbox);
  } finally {
    await outbox.close();
  }
}

test('what waited for the connection is sent after what is measured now, events before both', async () => {
  await withOutbox({ file: newFile() }, (outbox) => {
    for (let seq = 0; seq < 100; seq++) outbox.put(report('telemetry', seq));
    outbox.put(report('event', 100));
    outbox.put(report('capture', 101));
    outbox.connected();
    outbox.put(report('telemetry', 102));
    assert.deepEqual(drain(outbox), [
      'event/100',
      'telemetry/102',
      'capture/101',
      ...Array.from({ length: 100 }, (_, seq) => `telemetry/${seq}`),
    ]);
    assert.equal(outbox.isEmpty(), true);
    assert.deepEqual(outbox.counts(), {
      waiting: 0,
      inFlight: 0,
      bytes: 0,
      acknowledged: 103,
      droppedTelemetry: 0,
      refusedCaptures: 0,
    });
  });
});

test('what was not acknowledged is sent again after a lost connection and after a restart, with the same bytes', async () => {
  const file = newFile();
  await withOutbox({ file }, (outbox) => {
    for (let seq = 0; seq < 5; seq++) outbox.put(report('telemetry', seq));
    const first = outbox.take();
    assert.ok(first);
    outbox.acknowledge(first);
    outbox.take();
    outbox.returnInFlight();
    assert.equal(outbox.take()?.topic, 'telemetry/1');
  });
  await withOutbox({ file }, (outbox) => {
    assert.deepEqual(outbox.take()?.payload, new Uint8Array(10).fill(1));
    outbox.returnInFlight();
    assert.deepEqual(drain(outbox), ['telemetry/1', 'telemetry/2', 'telemetry/3', 'telemetry/4']);
  });
  await withOutbox({ file }, (outbox) => assert.equal(outbox.isEmpty(), true));
});

test('a number is never given twice over restarts: the epoch stays, the run is another one', async () => {
  const file = newFile();
  const given: number[] = [];
  const epochs = new Set<string>();
  const runs = new Set<string>();
  for (let run = 0; run < 3; run++) {
    await withOutbox({ file }, ({ numbering }) => {
      epochs.add(numbering.epoch);
      runs.add(numbering.run);
      for (let i = 0; i < 12_000; i++) given.push(numbering.next());
    });
  }
  assert.equal(epochs.size, 1);
  assert.equal(runs.size, 3, 'each run names its captures anew');
  assert.equal(new Set(given).size, 36_000);
  assert.deepEqual(
    given,
    [...given].sort((a, b) => a - b),
  );
});

test('a full outbox thins the oldest telemetry, counts it, and keeps every event and capture', async () => {
  await withOutbox({ file: newFile(), limitBytes: 10_000 }, (outbox) => {
    outbox.put(report('event', 0, 100));
    outbox.put(report('capture', 1, 100));
    for (let seq = 2; seq < 502; seq++) assert.equal(outbox.put(report('telemetry', seq, 100)), true);
    const { droppedTelemetry, bytes } = outbox.counts();
    assert.ok(bytes <= 10_000, `${bytes} bytes`);
    const topics = drain(outbox);
    assert.equal(topics.length + droppedTelemetry, 502);
    assert.ok(topics.includes('event/0') && topics.includes('capture/1'));
    const kept = topics.filter((topic) => topic.startsWith('telemetry')).map((topic) => Number(topic.split('/')[1]));
    assert.equal(kept.at(-1), 501);
    const [oldest = 0, second = 0] = kept;
    assert.ok(oldest < 400 && second > oldest + 1, `thinned, not cut off: ${kept.slice(0, 5).join(' ')} …`);
  });
});

test('captures are refused beyond twice the limit, events never', async () => {
  await withOutbox({ file: newFile(), limitBytes: 1000 }, (outbox) => {
    assert.equal(outbox.put(report('capture', 0, 1500)), true);
    assert.equal(outbox.put(report('capture', 1, 600)), false);
    for (let seq = 2; seq < 30; seq++) assert.equal(outbox.put(report('event', seq, 200)), true);
    assert.equal(outbox.put(report('telemetry', 30, 10)), false);
    const { refusedCaptures, droppedTelemetry, waiting } = outbox.counts();
    assert.deepEqual(
      { refusedCaptures, droppedTelemetry, waiting },
      { refusedCaptures: 1, droppedTelemetry: 1, waiting: 29 },
    );
  });
});

test('every report that was put before a kill is there after it, in order, and numbers go on behind it', async () => {
  const file = newFile();
  let highest = -1;
  for (let round = 0; round < 3; round++) {
    const child = spawn(process.execPath, [
      fileURLToPath(new URL('./outbox-until-killed.fixture.ts', import.meta.url)),
      file,
    ]);
    let output = '';
    child.stdout.on('data', (data: Buffer) => (output += data.toString()));
    while (output.split('\n').length <= 200 + round * 37) await once(child.stdout, 'data');
    const exited = once(child, 'close');
    child.kill('SIGKILL');
    await exited;
    const put = output.split('\n').slice(0, -1).map(Number);
    assert.ok(put.length > 100 && Math.min(...put) > highest, `${put.length} reports from ${put[0]}`);
    highest = Math.max(...put);
    const found = await withOutbox({ file }, (outbox) => drain(outbox).map(Number));
    const missing = put.filter((seq) => !found.includes(seq));
    assert.deepEqual(missing, []);
    const telemetry = found.filter((seq) => seq % 7 !== 0);
    assert.deepEqual(
      telemetry,
      [...telemetry].sort((a, b) => a - b),
    );
  }
});

test('a power cut at any byte of the log costs what was not flushed, never what was, and never the file', async () => {
  const file = newFile();
  const outbox = openDiskOutbox({ file });
  outbox.put(report('event', 0));
  // The next open flushes and waits: what follows is in the log only.
  await outbox.close();
  const table = new DatabaseSync(file);
  table.exec('pragma synchronous = off; pragma wal_autocheckpoint = 0');
  const insert = table.prepare("insert into packet (n, kind, topic, payload) values (?, 1, ?, x'00')");
  for (let n = 2; n < 40; n++) insert.run(n, `telemetry/${n}`);
  const length = statSync(`${file}-wal`).size;
  for (const share of [0, 0.13, 0.5, 0.77, 0.999]) {
    const copy = newFile();
    cpSync(file, copy);
    cpSync(`${file}-wal`, `${copy}-wal`);
    truncateSync(`${copy}-wal`, Math.floor(length * share));
    const topics = await withOutbox({ file: copy, onProblem: assert.fail }, drain);
    assert.equal(topics[0], 'event/0');
    const expected = Array.from({ length: topics.length - 1 }, (_, index) => `telemetry/${index + 2}`);
    assert.deepEqual(topics.slice(1), expected, 'a prefix of what was written');
  }
  table.close();
});

test('a damaged file is moved aside and told, and a new outbox is begun', async () => {
  const file = newFile();
  writeFileSync(file, 'not a database, but long enough to be read as the header of one. '.repeat(100));
  const problems: string[] = [];
  await withOutbox({ file, onProblem: (problem) => problems.push(problem) }, (outbox) => {
    outbox.put(report('event', 1));
    assert.deepEqual(drain(outbox), ['event/1']);
  });
  assert.equal(problems.length, 1);
  assert.match(problems[0] ?? '', /cannot be read .* moved to .*\.damaged/);
  assert.ok(existsSync(`${file}.damaged`));
});

test('what the disk does not take is kept in memory, told once, and sent', async () => {
  const file = newFile();
  const problems: string[] = [];
  await withOutbox({ file, onProblem: (problem) => problems.push(problem) }, (outbox) => {
    outbox.put(report('telemetry', 0));
    const other = new DatabaseSync(file);
    other.exec('begin immediate');
    assert.equal(outbox.put(report('event', 1)), true);
    assert.equal(outbox.put(report('telemetry', 2)), true);
    assert.equal(outbox.counts().waiting, 3);
    other.exec('rollback');
    other.close();
    outbox.put(report('event', 3));
    assert.deepEqual(drain(outbox).sort(), ['event/1', 'event/3', 'telemetry/0', 'telemetry/2']);
    assert.equal(outbox.isEmpty(), true);
  });
  assert.equal(problems.length, 1);
  assert.match(problems[0] ?? '', /takes nothing more.*locked/);
});
