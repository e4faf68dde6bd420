import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Alarm } from '@fengsui/protocol';
import fc from 'fast-check';
import { propertySettings } from '../platform/property-settings.fixture.ts';
import type { Store } from '../store/store.ts';
import { AlarmGrouping } from './alarm-grouping.ts';
import { openStore } from './rooms.fixture.ts';

let folder: string;
let store: Store;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fengsui-chatter-'));
  store = await openStore(folder);
});
after(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

const T0 = Date.parse('2026-11-21T12:00:00.000Z');

type Move =
  | { readonly does: 'activate' | 'end'; readonly condition: number }
  | { readonly does: 'wait'; readonly seconds: number }
  | { readonly does: 'restart' };

const condition = fc.nat(2);
const moves: fc.Arbitrary<Move> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ does: fc.constantFrom('activate' as const, 'end' as const), condition }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('wait' as const), seconds: fc.nat(240) }) },
  { weight: 1, arbitrary: fc.constant({ does: 'restart' as const }) },
);

/** One that never stops, and one that is made of the rows again and again. */
class Pair {
  #now = T0;
  #born = 0;
  readonly #clock = { now: (): number => this.#now };
  readonly #steady = new AlarmGrouping(this.#clock);
  #restarted = new AlarmGrouping(this.#clock);
  readonly #open = new Map<number, Alarm>();
  chattered = 0;

  async take(move: Move): Promise<void> {
    if (move.does === 'wait') this.#now += move.seconds * 1_000;
    if (move.does === 'activate') await this.#activate(move.condition);
    if (move.does === 'end') await this.#end(move.condition);
    if (move.does === 'restart') {
      this.#restarted = new AlarmGrouping(this.#clock);
      await this.#restarted.restore([...this.#open.values()], store);
    }
    for (const alarm of this.#open.values()) {
      const { chatter } = this.#steady.shown(alarm);
      assert.equal(this.#restarted.shown(alarm).chatter, chatter);
      if (chatter !== undefined) this.chattered++;
    }
  }

  async #activate(number: number): Promise<void> {
    const known = this.#open.get(number);
    const alarm: Alarm = {
      ...(known ?? this.#raised(number)),
      ...(known !== undefined && { count: known.count + 1 }),
    };
    this.#open.set(number, alarm);
    await this.#tell(alarm, known === undefined ? 'raised' : 'reraised');
  }

  async #end(number: number): Promise<void> {
    const known = this.#open.get(number);
    if (known === undefined) return;
    this.#open.delete(number);
    await this.#tell({ ...known, state: 'normal' }, 'ended');
  }

  #raised(number: number): Alarm {
    const at = new Date(this.#now).toISOString();
    return {
      id: `a${this.#born++}`,
      kind: 'overload',
      category: 'warning',
      priority: 'P3',
      level: 'alarm',
      state: 'unacknowledged',
      deviceId: `d${number}`,
      pointId: 'c1',
      venueId: `V${number}`,
      origin: 'live',
      raisedAt: at,
      receivedAt: at,
      count: 1,
    };
  }

  async #tell(alarm: Alarm, kind: string): Promise<void> {
    const { id, venueId, state, raisedAt } = alarm;
    const alarmRow = [id, venueId, alarm.deviceId, state, state === 'normal', Date.parse(raisedAt)];
    await store.commit([
      {
        kind: 'sql',
        sql: `insert into alarm (id, partition, venue_id, origin, device_id, category, priority, state, ended, raised_at, doc)
                values ($1, 0, $2, 'live', $3, 'warning', 'P3', $4, $5, $6, $7)
              on conflict (id) do update set state = excluded.state, ended = excluded.ended, doc = excluded.doc`,
        params: [...alarmRow, JSON.stringify(alarm)],
      },
      {
        kind: 'sql',
        sql: `insert into alarm_change (alarm_id, number, partition, venue_id, origin, at, doc)
                values ($1, (select count(*) from alarm_change where alarm_id = $1), 0, $2, 'live', $3, $4)`,
        params: [id, venueId, this.#now, JSON.stringify({ kind, at: this.#now })],
      },
    ]);
    this.#steady.follow([alarm]);
    this.#restarted.follow([alarm]);
  }
}

test('after any number of restarts an alarm chatters as it did for one who never stopped', async () => {
  let chattered = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(moves, { minLength: 10, maxLength: 40 }), async (all) => {
      await store.commit([
        { kind: 'sql', sql: 'delete from alarm_change' },
        { kind: 'sql', sql: 'delete from alarm' },
      ]);
      const pair = new Pair();
      for (const move of all) await pair.take(move);
      chattered += pair.chattered;
    }),
    propertySettings(20),
  );
  assert.ok(chattered > 0, 'nothing chattered: the property says nothing');
});
