import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { writeDeskPack } from '../paper/desk-pack-paper.ts';
import { createLog } from '../platform/log.ts';
import { Registry } from '../registry/registry.ts';
import { event, T0 } from '../situation/entries.fixture.ts';
import { Situation } from '../situation/situation.ts';
import { SituationFeed } from '../situation/situation-feed.fixture.ts';
import { DeskPackKeeper } from './desk-pack-keeper.ts';
import { deskPack } from './desk-pack.ts';

const made = { madeAt: T0, madeBy: 'li', troubles: [] };

test('where there is a fire comes first; beyond what paper holds only the number is said', () => {
  const registry = new Registry();
  for (let index = 0; index < 2_100; index++) {
    const id = `V${String(index).padStart(4, '0')}`;
    const venue = { id, name: id, class: 'office', organisationId: 'O1', origin: 'live' } as const;
    registry.apply({ kind: 'venuePut', venue });
  }
  const { venues } = deskPack(new Situation(registry), { scope: { venues: 'all' }, ...made });
  assert.deepEqual([venues.items.length, venues.count], [2_000, 2_100]);
  const feed = new SituationFeed();
  feed.alarm(event('D9', { epoch: 'e', seq: 1, at: T0, kind: 'smoke', point: 's', active: true, level: 'alarm' }));
  const pack = deskPack(feed.situation, { scope: { venues: 'all' }, ...made });
  assert.deepEqual(
    pack.venues.items.map(({ id, isTroubled }) => [id, isTroubled]),
    [
      ['V2', true],
      ['V1', false],
    ],
  );
  assert.equal(pack.incidents[0]?.place.venueId, 'V2');
});

test('a paper of a whole city is written beside the work: others have their turn all the while', async () => {
  const registry = new Registry();
  for (let index = 0; index < 300; index++) {
    const id = `V${index}`;
    const venue = { id, name: `第 ${index} 号场所`, class: 'office', organisationId: 'O1', origin: 'live' } as const;
    registry.apply({ kind: 'venuePut', venue });
  }
  const pack = deskPack(new Situation(registry), { scope: { venues: 'all' }, ...made });
  let turns = 0;
  const counter = setInterval(() => turns++, 1);
  const pdf = await writeDeskPack(pack, { language: 'zh', timeZone: 'Asia/Shanghai' });
  clearInterval(counter);
  assert.ok(pdf.subarray(0, 5).toString() === '%PDF-');
  assert.ok(turns > 10, `${turns} turns`);
});

test('the file is written each hour, and at once when something stops working; what cannot be written ends nothing', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'desk-pack-'));
  let now = T0;
  let troubles: string[] = [];
  const lines: string[] = [];
  const options = {
    situation: new Situation(new Registry()),
    folder: path.join(folder, 'paper'),
    troubles: () => troubles,
    clock: { now: () => now },
    timeZone: 'Asia/Shanghai',
    log: createLog({ level: 'error', json: false, write: (line) => lines.push(line) }),
  };
  const keeper = new DeskPackKeeper(options);
  const file = path.join(options.folder, 'desk-pack-zh.pdf');
  const written = async (): Promise<number> => (await stat(file)).mtimeMs;
  await keeper.look();
  const first = await written();
  assert.deepEqual(await readdir(options.folder), ['desk-pack-en.pdf', 'desk-pack-zh.pdf']);
  now += 60_000;
  await keeper.look();
  assert.equal(await written(), first);
  troubles = ['the store is away'];
  await keeper.look();
  const second = await written();
  assert.ok(second > first);
  now += 3_600_000;
  await keeper.look();
  assert.ok((await written()) > second);
  const nowhere = new DeskPackKeeper({ ...options, folder: '/dev/null/paper' });
  await nowhere.look();
  assert.equal(lines.length, 1);
  await rm(folder, { recursive: true, force: true });
});
