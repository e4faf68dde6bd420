import assert from 'node:assert/strict';
import { appendFile, mkdir, mkdtemp, readdir, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import type { Journal } from './journal.ts';
import { readAll, testJournalConformance, textEntry, textOf } from './journal-conformance.ts';
import { openSegmentJournal, type SegmentJournalOptions } from './segment-journal.ts';

const folders: string[] = [];
after(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'fengsui-journal-'));
  folders.push(folder);
  return folder;
}

const warnings: string[] = [];
const open = (folder: string, options: Partial<SegmentJournalOptions> = {}): Promise<Journal> =>
  openSegmentJournal({
    folder,
    startAfter: { alarm: 0, bulk: 0 },
    warn: (message) => void warnings.push(message),
    onHeld: () => undefined,
    retryMs: 20,
    ...options,
  });

const entry = textEntry;

testJournalConformance({
  name: 'segment files',
  place: async () => {
    const folder = await temporaryFolder();
    return { open: (settings) => open(folder, settings), childArguments: ['segments', folder] };
  },
});

test('what was appended is there after closing and opening, across many segments, in reads of any size', async () => {
  const folder = await temporaryFolder();
  const expected: string[] = [];
  const options = { segmentBytes: 2_000 };
  let journal = await open(folder, options);
  for (let i = 0; i < 50; i++) {
    const texts = Array.from({ length: 1 + (i % 4) }, (_, k) => `${i}.${k}`);
    await journal.append(
      'bulk',
      texts.map((text) => entry(text, 100)),
    );
    expected.push(...texts);
  }
  await journal.close();
  const files = (await readdir(folder)).filter((name) => name.startsWith('bulk'));
  assert.ok(files.length > 5, `expected several segments, got ${files.length}`);
  for (const limit of [1, 7, 1000]) {
    journal = await open(folder, options);
    assert.deepEqual((await readAll(journal, 'bulk', limit)).map(textOf), expected);
    await journal.close();
  }
});

test('a journal that begins behind what the store has applied says so: nobody waits for what lay before it', async () => {
  const folder = await temporaryFolder();
  const startAfter = { alarm: 4_096_000, bulk: 900 };
  let journal = await open(folder, { startAfter });
  assert.deepEqual([journal.beginning?.('alarm'), journal.beginning?.('bulk')], [4_096_000, 900]);
  await journal.append('bulk', [entry('first'), entry('second')]);
  await journal.close();
  journal = await open(folder, { startAfter: { ...startAfter, bulk: 902 } });
  assert.equal(journal.beginning?.('bulk'), 900);
  await journal.close();
  // It went on elsewhere meanwhile.
  journal = await open(folder, { startAfter: { ...startAfter, bulk: 5_000 } });
  assert.equal(journal.beginning?.('bulk'), 5_000);
  await journal.close();
});

test('a torn tail is cut off, kept beside the journal and said; appending goes on behind the last whole entry', async () => {
  const folder = await temporaryFolder();
  let journal = await open(folder);
  await journal.append('alarm', [entry('whole'), entry('torn', 500)]);
  await journal.close();
  const [file = ''] = await readdir(folder);
  await truncate(path.join(folder, file), (await stat(path.join(folder, file))).size - 100);
  warnings.length = 0;
  journal = await open(folder);
  assert.match(warnings.join(), /record cut off at byte \d+; \d+ bytes that were never acknowledged/);
  assert.deepEqual((await readAll(journal, 'alarm')).map(textOf), ['whole']);
  assert.deepEqual(await journal.append('alarm', [entry('next')]), [2]);
  await journal.close();
  assert.ok((await readdir(folder)).some((name) => name.includes('.torn-at-')));
  journal = await open(folder);
  assert.deepEqual((await readAll(journal, 'alarm')).map(textOf), ['whole', 'next']);
  await journal.close();
});

test('garbage behind the last entry does not reach the reader', async () => {
  const folder = await temporaryFolder();
  let journal = await open(folder);
  await journal.append('bulk', [entry('a')]);
  await journal.close();
  const [file = ''] = await readdir(folder);
  await appendFile(path.join(folder, file), Buffer.alloc(4096, 0xa5));
  journal = await open(folder);
  assert.deepEqual((await readAll(journal, 'bulk')).map(textOf), ['a']);
  await journal.close();
});

test('trimming deletes whole segments behind the checkpoint and never lets a sequence be used again', async () => {
  const folder = await temporaryFolder();
  let journal = await open(folder, { segmentBytes: 500 });
  for (let i = 0; i < 20; i++) await journal.append('bulk', [entry(`e${i}`, 200)]);
  const before = (await readdir(folder)).length;
  await journal.trim('bulk', 20);
  const left = await readdir(folder);
  assert.ok(left.length < before && left.length >= 1, `${before} segments before, ${left.length} after`);
  await journal.close();
  journal = await open(folder, { startAfter: { alarm: 0, bulk: 20 } });
  assert.deepEqual(await journal.append('bulk', [entry('next')]), [21]);
  await journal.close();
});

test('a reader far behind reads from the files what memory no longer holds', async () => {
  const journal = await open(await temporaryFolder(), { recentBytes: 2_000, segmentBytes: 5_000 });
  for (let i = 0; i < 100; i++) await journal.append('bulk', [entry(`e${i}`, 100)]);
  assert.deepEqual(
    (await readAll(journal, 'bulk', 9)).map(textOf),
    Array.from({ length: 100 }, (_, i) => `e${i}`),
  );
  await journal.close();
});

test('a reader that loses touch and comes near again, over and over, reads every entry once and in order', async () => {
  const journal = await open(await temporaryFolder(), { recentBytes: 500_000, segmentBytes: 300_000 });
  const expected: string[] = [];
  const read: string[] = [];
  let after = 0;
  const readOn = async (limit: number): Promise<number> => {
    const entries = await journal.read('bulk', after, limit);
    read.push(...entries.map(textOf));
    after = entries.at(-1)?.sequence ?? after;
    await journal.trim('bulk', after);
    return entries.length;
  };
  for (let round = 0; round < 6; round++) {
    // 3,000 entries are more than is kept in memory, 200 are less; the reader follows, falls behind, or catches up.
    for (const count of [200, 3_000, 200, 3_000]) {
      const texts = Array.from({ length: count }, (_, n) => `${expected.length + n}`);
      const appended = journal.append(
        'bulk',
        texts.map((text) => entry(text, 50)),
      );
      if (count === 3_000) await readOn(700);
      await appended;
      expected.push(...texts);
      await readOn(137);
    }
    while ((await readOn(1_000)) > 0);
    assert.equal(read.length, expected.length, `round ${round}`);
  }
  assert.deepEqual(read, expected);
  await journal.close();
});

test('who looks at an old entry while its segment is trimmed away finds a later one or none, and no error', async () => {
  const journal = await open(await temporaryFolder(), { recentBytes: 1_000, segmentBytes: 2_000 });
  for (let i = 0; i < 200; i++) await journal.append('bulk', [entry(`e${i}`, 100)]);
  const looks: Promise<readonly { readonly sequence: number }[]>[] = [];
  for (let through = 1; through <= 180; through++) {
    looks.push(journal.read('bulk', 0, 1), journal.read('bulk', through, 1));
    await journal.trim('bulk', through);
  }
  for (const [index, found] of (await Promise.all(looks)).entries()) {
    const wanted = index % 2 === 0 ? 1 : (index - 1) / 2 + 2;
    assert.ok((found[0]?.sequence ?? 0) >= wanted, `${found[0]?.sequence} for ${wanted}`);
  }
  await journal.close();
});

test('while the disk refuses, appending is held and said; it goes through when the disk works again, nothing lost', async () => {
  const folder = await temporaryFolder();
  const held: (string | undefined)[] = [];
  const journal = await open(folder, { segmentBytes: 1, onHeld: (reason) => void held.push(reason) });
  await journal.append('bulk', [entry('first')]);
  // A folder that is gone refuses the new segment which the size limit asks for.
  await rm(folder, { recursive: true });
  let isDone = false;
  const waiting = journal.append('bulk', [entry('second')]).then(() => (isDone = true));
  while (held.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(isDone, false);
  assert.equal(held.length, 1, 'said once, not at every attempt');
  assert.match(held[0] ?? '', /ENOENT/);
  await mkdir(folder);
  await waiting;
  assert.equal(held.at(-1), undefined);
  assert.deepEqual((await journal.read('bulk', 1, 10)).map(textOf), ['second']);
  await journal.close();
});

test('a segment that is deleted under the journal is noticed within a second, and a new one is begun', async () => {
  const folder = await temporaryFolder();
  const held: (string | undefined)[] = [];
  const journal = await open(folder, { onHeld: (reason) => void held.push(reason) });
  await journal.append('bulk', [entry('first')]);
  for (const name of await readdir(folder)) await rm(path.join(folder, name));
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  await journal.append('bulk', [entry('second')]);
  assert.match(held[0] ?? '', /was deleted/);
  await journal.close();
  const reopened = await open(folder, { startAfter: { alarm: 0, bulk: 1 } });
  assert.deepEqual((await readAll(reopened, 'bulk')).map(textOf), ['second']);
  await reopened.close();
});
