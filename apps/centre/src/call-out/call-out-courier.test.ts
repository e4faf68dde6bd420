import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import type { Origin } from '@fengsui/alarm';
import type { Contact } from '@fengsui/protocol';
import type { NewEntry } from '../journal/entry.ts';
import { createLog } from '../platform/log.ts';
import { CENTRE_BEARER } from '../situation/apply-clock-step.ts';
import { isFaultTold } from '../situation/centre-fault.ts';
import { SituationFeed } from '../situation/situation-feed.fixture.ts';
import type { TimerFiredMeta } from '../situation/timer.ts';
import { CallOutCourier, type Channels } from './call-out-courier.ts';
import { contact, venueCallOut } from './call-out.fixture.ts';
import type { CallMessage, Channel, ChannelOutcome } from './channels/channel.ts';
import type { KeptCallOut } from './kept-call-out.ts';

const AT = Date.UTC(2026, 10, 24, 3);
const houses: House[] = [];
afterEach(async () => {
  await Promise.all(houses.splice(0).map(({ courier }) => courier.stop()));
});

/** A channel whose answers the test decides; `hold` keeps every call until it is let go. */
class Line {
  readonly taken: CallMessage[] = [];
  outcome: ChannelOutcome = { kind: 'sent', receipt: 'r' };
  trouble: string | undefined;
  hold: Promise<void> = Promise.resolve();
  most = 0;
  #now = 0;

  readonly channel: Channel = {
    send: async (message, signal) => {
      this.taken.push(message);
      this.most = Math.max(this.most, ++this.#now);
      const ended = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      await Promise.race([this.hold, ended]);
      this.#now--;
      return signal.aborted ? { kind: 'failed', reason: 'ended' } : this.outcome;
    },
    check: () => Promise.resolve(this.trouble),
  };
}

/** A courier over a situation; what it journals is applied at once, and told to it as a commit. */
class House {
  readonly feed = new SituationFeed([]);
  readonly courier: CallOutCourier;
  isJournalAway = false;

  constructor(channels: Channels) {
    houses.push(this);
    this.courier = new CallOutCourier({
      ...{ channels, publicUrl: 'https://centre.example', linkKey: Buffer.alloc(32, 7), timeZone: 'Asia/Shanghai' },
      situation: this.feed.situation,
      journal: {
        append: (_lane, entries) => {
          if (this.isJournalAway) return Promise.reject(new Error('the disk is full'));
          return Promise.resolve(this.#apply(entries));
        },
      },
      clock: { now: () => AT },
      log: createLog({ level: 'error', json: false, write: () => undefined }),
    });
  }

  #apply(entries: readonly NewEntry[]): never {
    for (const entry of entries) {
      const { purpose } = entry.meta as TimerFiredMeta;
      assert.ok(purpose.kind === 'callOutNews' || purpose.kind === 'callOutLink');
      this.courier.follow(this.feed.alarm(entry));
    }
    return [] as never;
  }

  /** Calls people as a fire would; their first ways are due at once. */
  calls(
    people: readonly Contact[],
    { origin = 'live', id = 'i-venue-1' }: { origin?: Origin; id?: string } = {},
  ): void {
    this.feed.situation.callOuts.put({ ...venueCallOut({ at: AT, people, origin }), id });
  }

  get(id = 'i-venue-1'): KeptCallOut {
    const found = this.feed.situation.callOuts.get(id);
    assert.ok(found);
    return found;
  }

  isFaultTold(kind: 'voiceAway' | 'smsAway'): boolean {
    return isFaultTold(this.feed.situation, CENTRE_BEARER, kind);
  }
}

/** What is on its way has come to its end. */
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
};

test('a call goes to its channel once, in the words of whoever is called, with the page of this one call', async () => {
  const voice = new Line();
  const house = new House({ voice: voice.channel });
  house.calls([{ ...contact('a'), language: 'en' }]);
  house.courier.start();
  await settled();
  house.courier.follow(house.feed.alarm());
  assert.equal(voice.taken.length, 1);
  const [message] = voice.taken;
  assert.equal(message?.to, '1380000a');
  assert.equal(message?.title, 'Fengsui: 城西小学 二楼 厨房 Smoke');
  assert.match(message?.spoken ?? '', /I am going to look: press 1[.].*call 1 1 9|call 1 1 9[.].*press 1[.]/);
  assert.match(message?.link ?? '', /^https:[/][/]centre[.]example[/]call[/]i-venue-1[.]1[.][\w-]{24}$/);
  const [call] = house.get().calls;
  assert.deepEqual([call?.state, call?.receipt, call?.sentAt], ['sent', 'r', AT]);
});

test('a line that is down costs no time, and is a fault until it works; a channel that is not set up is never one', async () => {
  const [voice, sms] = [new Line(), new Line()];
  voice.outcome = { kind: 'failed', reason: 'HTTP 503', isChannelDown: true };
  const house = new House({ voice: voice.channel, sms: sms.channel });
  house.calls([contact('a', ['push', 'voice', 'sms'])]);
  house.courier.start();
  await settled();
  assert.deepEqual(
    house.get().calls.map(({ channel, state, reason, isForGood }) => [channel, state, reason, isForGood]),
    [
      ['push', 'failed', 'this channel is not set up', true],
      ['voice', 'failed', 'HTTP 503', undefined],
      ['sms', 'sent', undefined, undefined],
    ],
  );
  assert.deepEqual([house.isFaultTold('voiceAway'), house.isFaultTold('smsAway')], [true, false]);
  voice.outcome = { kind: 'sent', receipt: 'r' };
  await house.courier.check();
  assert.equal(house.isFaultTold('voiceAway'), false, 'it works again');
  sms.trouble = 'no answer within 5 s';
  await house.courier.check();
  assert.equal(house.isFaultTold('smsAway'), true, 'found without a fire');
});

test('drill, simulation, test and replay: nothing comes to any channel, whatever the call-out says of itself', async () => {
  const voice = new Line();
  const house = new House({ voice: voice.channel });
  for (const origin of ['drill', 'simulated', 'test', 'replay'] as const) {
    house.calls([contact('a')], { origin, id: `held-${origin}` });
    // As if the life had been wrong: looked at again where it would leave the house.
    const live = venueCallOut({ at: AT, people: [contact('a')] });
    house.feed.situation.callOuts.put({ ...live, id: `wrong-${origin}`, place: { ...live.place, origin } });
  }
  house.courier.start();
  await settled();
  assert.equal(voice.taken.length, 0);
  assert.equal(house.get('held-drill').heldBack, 'origin');
});

test('what is answered meanwhile does not go out any more; without a channel at all it is on record', async () => {
  const voice = new Line();
  const gate = Promise.withResolvers<void>();
  voice.hold = gate.promise;
  const house = new House({ voice: voice.channel });
  for (let index = 0; index < 40; index++) house.calls([contact('a', ['voice'])], { id: `c${index}` });
  house.courier.start();
  await settled();
  assert.equal(voice.taken.length, 16, 'an adapter is not asked everything at once');
  for (let index = 0; index < 40; index++) {
    const news = { kind: 'answered', number: 1, answer: 'coming' } as const;
    const purpose = { kind: 'callOutNews', callOutId: `c${index}`, news } as const;
    const meta: TimerFiredMeta = { timerId: 'callOutNews', firedAt: AT, purpose };
    house.courier.follow(house.feed.alarm({ kind: 'timerFired', partition: 0, appendedAt: AT, meta }));
  }
  await settled();
  gate.resolve();
  await settled();
  assert.equal(voice.taken.length, 16);
  assert.ok(
    Array.from({ length: 40 }, (_, index) => house.get(`c${index}`)).every(
      ({ calls }) => calls[0]?.state === 'dropped',
    ),
  );

  const mute = new House({});
  mute.calls([contact('a')]);
  mute.courier.start();
  await settled();
  assert.deepEqual([mute.get().state, mute.get().heldBack], ['heldBack', 'noChannel']);
});

test('what the journal cannot take is said again when it can: a call is not sent twice for it', async () => {
  const voice = new Line();
  const house = new House({ voice: voice.channel });
  house.isJournalAway = true;
  house.calls([contact('a')]);
  house.courier.start();
  await settled();
  assert.equal(house.get().calls[0]?.state, 'waiting');
  house.isJournalAway = false;
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  await settled();
  assert.equal(house.get().calls[0]?.state, 'sent');
  assert.equal(voice.taken.length, 1);
});
