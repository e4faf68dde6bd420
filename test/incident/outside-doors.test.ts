import assert from 'node:assert/strict';
import { test } from 'node:test';
import { origins, type Origin } from '@fengsui/alarm';
import { reachChannels } from '@fengsui/protocol';
import { CallOutCourier, type Channels } from '../../apps/centre/src/call-out/call-out-courier.ts';
import { contact, venueCallOut } from '../../apps/centre/src/call-out/call-out.fixture.ts';
import { mailChannel } from '../../apps/centre/src/call-out/channels/mail-channel.ts';
import { phoneChannel } from '../../apps/centre/src/call-out/channels/phone-channel.ts';
import { pushChannel } from '../../apps/centre/src/call-out/channels/push-channel.ts';
import { vapidKeys } from '../../apps/centre/src/call-out/channels/vapid-keys.ts';
import { webhookChannel } from '../../apps/centre/src/call-out/channels/webhook-channel.ts';
import type { KeptCallOut } from '../../apps/centre/src/call-out/kept-call-out.ts';
import { FireCommandCourier } from '../../apps/centre/src/fire-command/fire-command-courier.ts';
import type { KeptIncident } from '../../apps/centre/src/incident/kept-incident.ts';
import { createLog } from '../../apps/centre/src/platform/log.ts';
import { SituationFeed } from '../../apps/centre/src/situation/situation-feed.fixture.ts';
import { AdapterSide } from '../harness/adapter-side.ts';
import { FireCommandSide } from '../harness/fire-command-side.ts';
import { MailSide } from '../harness/mail-side.ts';
import { PushSide } from '../harness/push-side.ts';

const AT = Date.UTC(2026, 10, 24, 3);

/** Every door by which a word leaves the house, with a real server behind it. */
class Doors {
  readonly adapter: AdapterSide;
  readonly robot: AdapterSide;
  readonly mail: MailSide;
  readonly push: PushSide;
  readonly fireCommand: FireCommandSide;

  private constructor(
    adapter: AdapterSide,
    robot: AdapterSide,
    mail: MailSide,
    push: PushSide,
    fireCommand: FireCommandSide,
  ) {
    this.adapter = adapter;
    this.robot = robot;
    this.mail = mail;
    this.push = push;
    this.fireCommand = fireCommand;
  }

  static async open(): Promise<Doors> {
    const sides = [
      AdapterSide.open(),
      AdapterSide.open(),
      MailSide.open('x'),
      PushSide.open(),
      FireCommandSide.open(),
    ] as const;
    return new Doors(...(await Promise.all(sides)));
  }

  get channels(): Required<Channels> {
    const now = (): number => AT;
    const phone = { url: this.adapter.url, secret: 's', now };
    const robot = { name: 'robot', url: this.robot.url, body: { text: '{{text}}' } };
    const push = pushChannel({ contact: 'mailto:a@b.example', keys: vapidKeys(Buffer.alloc(32, 1)) });
    return {
      voice: phoneChannel('voice', phone),
      sms: phoneChannel('sms', phone),
      mail: mailChannel({ url: this.mail.url, from: 'centre@city.example' }),
      webhook: webhookChannel([robot], now),
      // As with a browser of each person.
      push: { ...push, send: (message, signal) => push.send({ ...message, pushTargets: [this.push.target] }, signal) },
    };
  }

  /** What came to somebody outside, by door. */
  get reached(): Readonly<Record<string, number>> {
    const ofKind = (wanted: string): number => this.adapter.calls.filter(({ kind }) => kind === wanted).length;
    return {
      ...{ voice: ofKind('voice'), sms: ofKind('sms'), mail: this.mail.mails.length, push: this.push.pushed.length },
      webhook: this.robot.received.length,
      fireCommand: this.fireCommand.received.length,
    };
  }

  async close(): Promise<void> {
    await Promise.all([
      this.adapter.close(),
      this.robot.close(),
      this.mail.close(),
      this.push.close(),
      this.fireCommand.close(),
    ]);
  }
}

const people = reachChannels.map((channel) => ({
  ...contact(channel),
  ways: [
    { channel, ...(channel === 'mail' && { to: 'li@venue.example' }), ...(channel === 'webhook' && { to: 'robot' }) },
  ],
}));

/** Each person of it has one way, and all are due: as it is made, or as if it had been made for a live fire. */
function callOut(origin: Origin, isForged: boolean): KeptCallOut {
  const made = venueCallOut({ at: AT, people, origin: isForged ? 'live' : origin });
  const calls = people.map(({ id, ways }, index) => ({
    ...{
      number: index + 1,
      contactId: id,
      madeAt: AT,
      state: 'waiting' as const,
      channel: ways[0]?.channel ?? 'voice',
    },
    to: ways[0]?.to ?? '1',
  }));
  return {
    ...made,
    id: `${origin}-${isForged}`,
    place: { ...made.place, origin },
    ...(made.state === 'calling' && { calls }),
  };
}

const confirmed = (origin: Origin): KeptIncident => ({
  ...{
    id: `i-${origin}`,
    number: 1,
    revision: 3,
    state: 'confirmed',
    openedAt: AT,
    alarms: [],
    alarmCount: 1,
    callCount: 1,
    stepCount: 5,
  },
  place: { partition: 0, venueId: 'v', origin },
  verdict: { word: 'true', means: 'call', by: 'li', at: AT },
  report: { messageId: `i-${origin}-5`, kind: 'alert', madeAt: AT, failedCount: 0 },
});

/** How often each door was used for what is open, the couriers having had their time. */
async function used(
  doors: Doors,
  callOuts: readonly KeptCallOut[],
  incidents: readonly KeptIncident[],
): Promise<Doors['reached']> {
  const { situation } = new SituationFeed([]);
  for (const one of callOuts) situation.callOuts.put(one);
  for (const one of incidents) situation.incidents.put(one);
  const ground = {
    ...{ situation, clock: { now: () => AT }, timeZone: 'Asia/Shanghai' },
    journal: { append: () => Promise.resolve([] as never) },
    log: createLog({ level: 'error', json: false, write: () => undefined }),
  };
  const people = new CallOutCourier({
    ...ground,
    channels: doors.channels,
    publicUrl: undefined,
    linkKey: Buffer.alloc(32),
  });
  const channel = { url: doors.fireCommand.url, format: 'json', secret: undefined, sender: 'centre' } as const;
  const store = { query: () => Promise.resolve([{ doc: { messageId: 'm' } }]) };
  const command = new FireCommandCourier({ ...ground, channel, store });
  people.start();
  command.start();
  await new Promise((resolve) => setTimeout(resolve, 700));
  await Promise.all([people.stop(), command.stop()]);
  return doors.reached;
}

test('a drill, a simulation, a test and a replay leave the house by no door; a live fire by every one', async () => {
  const doors = await Doors.open();
  try {
    const others = origins.filter((origin) => origin !== 'live');
    assert.equal(others.length, 4);
    const held = others.flatMap((origin) => [callOut(origin, false), callOut(origin, true)]);
    const none = Object.fromEntries([...reachChannels, 'fireCommand'].map((door) => [door, 0]));
    assert.deepEqual(await used(doors, held, others.map(confirmed)), none);
    // The same couriers, the same servers: what reached nobody was not for want of a way.
    const once = Object.fromEntries([...reachChannels, 'fireCommand'].map((door) => [door, 1]));
    assert.deepEqual(await used(doors, [callOut('live', true)], [confirmed('live')]), once);
  } finally {
    await doors.close();
  }
});
