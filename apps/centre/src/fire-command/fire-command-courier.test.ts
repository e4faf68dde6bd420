import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { FireMessageText } from '@fengsui/protocol';
import { FireCommandSide } from '../../../../test/harness/fire-command-side.ts';
import type { IncidentCentreEvent } from '../incident/incident-life.ts';
import { tellIncident } from '../incident/keep-incident.ts';
import type { KeptIncident, KeptReport } from '../incident/kept-incident.ts';
import type { NewEntry } from '../journal/entry.ts';
import { createLog } from '../platform/log.ts';
import { isSigned } from '../platform/signature.ts';
import { Registry } from '../registry/registry.ts';
import { Effects } from '../situation/effects.ts';
import { Situation } from '../situation/situation.ts';
import type { TimerFiredMeta } from '../situation/timer.ts';
import { applyFireMessage } from './apply-fire-command.ts';
import { FireCommandCourier } from './fire-command-courier.ts';
import type { FireChannel } from './fire-command-settings.ts';

const AT = Date.UTC(2026, 10, 24, 3);
const report: KeptReport = { messageId: 'i1-5', kind: 'alert', madeAt: AT, failedCount: 0 };
const confirmed: KeptIncident = {
  ...{ id: 'i1', number: 7, revision: 3, state: 'confirmed', owner: 'li' },
  place: { partition: 0, venueId: 'V1', origin: 'live' },
  openedAt: AT,
  alarms: [],
  alarmCount: 1,
  callCount: 1,
  verdict: { word: 'true', means: 'call', by: 'li', at: AT },
  report,
  stepCount: 5,
};

let side: FireCommandSide;
before(async () => {
  side = await FireCommandSide.open();
});
const houses: House[] = [];
after(async () => {
  await Promise.all(houses.map(({ courier }) => courier.stop()));
  await side.close();
});

/** A courier over a store of one message; what it journals is applied at once, and told to it as a commit. */
class House {
  readonly situation = new Situation(new Registry());
  readonly news: TimerFiredMeta['purpose'][] = [];
  readonly courier: FireCommandCourier;
  readonly asked: string[] = [];
  #changed = Promise.withResolvers<void>();

  constructor(channel: Partial<FireChannel> | undefined, incident = confirmed) {
    houses.push(this);
    this.situation.incidents.put(incident);
    this.courier = new FireCommandCourier({
      channel:
        channel === undefined
          ? undefined
          : { url: side.url, format: 'json', secret: 's3cret', sender: 'centre', ...channel },
      situation: this.situation,
      journal: { append: (_lane, entries) => Promise.resolve(this.#apply(entries)) },
      store: {
        query: (_sql, [id] = []) => {
          this.asked.push(String(id));
          return Promise.resolve([{ doc: { messageId: id } as FireMessageText }]);
        },
      },
      clock: { now: () => Date.now() },
      timeZone: 'Asia/Shanghai',
      log: createLog({ level: 'error', json: false, write: () => undefined }),
    });
  }

  get report(): KeptReport | undefined {
    return this.situation.incidents.get('i1')?.report;
  }

  #apply(entries: readonly NewEntry[]): never {
    const effects = new Effects();
    for (const { meta } of entries) {
      const { purpose, firedAt } = meta as TimerFiredMeta;
      this.news.push(purpose);
      if (purpose.kind === 'fireMessage') applyFireMessage(this.situation, effects, purpose, firedAt);
    }
    this.#tell(effects);
    return undefined as never;
  }

  /** As a person’s act would: changed, and told to the courier. */
  change(event: IncidentCentreEvent): void {
    const effects = new Effects();
    const known = this.situation.incidents.get('i1');
    assert.ok(known);
    tellIncident(this.situation, effects, known, event);
    this.#tell(effects);
  }

  close(): void {
    const effects = new Effects();
    effects.incidents.set('i1', { ...confirmed, state: 'closed' });
    this.#tell(effects);
  }

  /** As commits are told: later than they are applied, in their order. */
  #tell(effects: Effects): void {
    queueMicrotask(() => {
      this.courier.follow(effects);
      this.#changed.resolve();
      this.#changed = Promise.withResolvers();
    });
  }

  async until(what: string, is: () => boolean): Promise<void> {
    const deadline = Date.now() + 30_000;
    while (!is()) {
      assert.ok(Date.now() < deadline, `not within 30 s: ${what}`);
      await Promise.race([this.#changed.promise, new Promise((resolve) => setTimeout(resolve, 20))]);
    }
  }
}

const of = (id: string): number => side.received.filter(({ headers }) => headers['idempotency-key'] === id).length;

test('a message goes once, signed, and its receipt is on record', async () => {
  side.manner = 'takes';
  const house = new House({});
  house.courier.start();
  await house.until('the receipt', () => house.report?.deliveredAt !== undefined);
  await house.courier.stop();
  assert.match(house.report?.receipt ?? '', /^119-\d+$/);
  assert.equal(of('i1-5'), 1);
  const received = side.received.at(-1);
  assert.ok(received);
  const given = String(received.headers['x-fengsui-signature']);
  assert.equal(given, FireCommandSide.signature('s3cret', received));
  const timestamp = String(received.headers['x-fengsui-timestamp']);
  assert.ok(isSigned('s3cret', timestamp, Buffer.from(received.body), given), 'as our own door for pushes checks it');
  assert.deepEqual(JSON.parse(received.body), { messageId: 'i1-5', sender: 'centre' });
});

test('while nobody takes it it is tried again and again; the fault is told once, and ends with the receipt', async () => {
  side.manner = 'fails';
  const messageId = 'i1-6';
  const house = new House({}, { ...confirmed, report: { ...report, messageId } });
  house.courier.start();
  await house.until('three tries', () => of(messageId) >= 3);
  side.manner = 'takes';
  await house.until('the receipt', () => house.report?.deliveredAt !== undefined);
  await house.courier.stop();
  const failed = house.news.flatMap((one) => (one.kind === 'fireMessage' ? [one.news] : []));
  const counts = failed.flatMap((news) => (news.kind === 'reportFailed' ? [news.failedCount] : []));
  assert.deepEqual(counts.slice(0, 2), [1, 2]);
  assert.ok(
    counts.every((count) => Number.isInteger(Math.log2(count))),
    String(counts),
  );
  const reasons = failed.flatMap((news) => (news.kind === 'reportFailed' ? [news.reason] : []));
  assert.equal(reasons[0], 'HTTP 503 closed for the night');
  assert.equal(side.taken.filter((id) => id === messageId).length, 1);
  assert.ok(house.news.some((one) => one.kind === 'fireCommandLink' && one.state === 'away'));
});

test('a redirect is not followed: the message is for who was named', async () => {
  side.manner = 'turns';
  const messageId = 'i1-7';
  const house = new House({}, { ...confirmed, report: { ...report, messageId } });
  house.courier.start();
  await house.until('a failure', () => (house.report?.failedCount ?? 0) > 0);
  await house.courier.stop();
  assert.equal(of(messageId), 1);
});

test('who hangs holds nothing up: the centre stops within its time, and goes on with the same message', async () => {
  side.manner = 'hangs';
  const messageId = 'i1-8';
  const house = new House({}, { ...confirmed, report: { ...report, messageId } });
  house.courier.start();
  await house.until('a request', () => of(messageId) === 1);
  const began = Date.now();
  await house.courier.stop();
  assert.ok(Date.now() - began < 4_000, 'without waiting for an answer');
  assert.equal(house.report?.failedCount, 0, 'what was broken off is no failure');
  side.manner = 'takes';
  house.courier.start();
  await house.until('the receipt', () => house.report?.deliveredAt !== undefined);
  await house.courier.stop();
  assert.equal(of(messageId), 2);
});

test('of any origin but live nothing leaves the house, whatever its report says', async () => {
  side.manner = 'takes';
  const before = side.received.length;
  for (const origin of ['simulated', 'drill', 'test', 'replay'] as const) {
    const house = new House({}, { ...confirmed, place: { ...confirmed.place, origin } });
    house.courier.start();
    house.change({ kind: 'reportFailed', at: AT, messageId: report.messageId, failedCount: 1, reason: 'r' });
    await house.courier.stop();
    assert.deepEqual(house.asked, [], origin);
  }
  assert.equal(side.received.length, before);
});

test('without a channel people are told so: by telephone', async () => {
  const house = new House(undefined);
  house.courier.start();
  await house.until('the word', () => house.report?.heldBack === 'noChannel');
  await house.courier.stop();
});

test('one that is closed, or followed by a newer message, is carried no further', async () => {
  side.manner = 'fails';
  const messageId = 'i1-9';
  const house = new House({}, { ...confirmed, report: { ...report, messageId } });
  house.courier.start();
  await house.until('a try', () => of(messageId) > 0);
  house.change({ kind: 'report', at: AT, messageId: 'i1-10', messageKind: 'cancel' });
  await house.until('a try of the newer', () => of('i1-10') > 0);
  const tries = of(messageId);
  await house.until('two more tries', () => of('i1-10') > 2);
  assert.equal(of(messageId), tries);
  house.close();
  await house.courier.stop();
  const last = side.received.length;
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(side.received.length, last);
});
