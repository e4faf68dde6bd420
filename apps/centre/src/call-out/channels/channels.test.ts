import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, beforeEach, test } from 'node:test';
import fc from 'fast-check';
import { AdapterSide } from '../../../../../test/harness/adapter-side.ts';
import { MailSide } from '../../../../../test/harness/mail-side.ts';
import { PushSide } from '../../../../../test/harness/push-side.ts';
import type { CallMessage, Channel, ChannelOutcome } from './channel.ts';
import { mailChannel, mailProblem } from './mail-channel.ts';
import { phoneChannel } from './phone-channel.ts';
import { pushChannel } from './push-channel.ts';
import { vapidKeys } from './vapid-keys.ts';
import { readWebhooks, webhookChannel } from './webhook-channel.ts';

const SECRET = 'both sides know this';
const PASSWORD = 'p@ss/wörd';
const message: CallMessage = {
  callId: 'i-venue-1.1',
  to: '13800000000',
  language: 'zh',
  title: '【烽燧】城西小学 二楼 厨房 烟雾',
  text: '请立即查看现场。\n回复 1：我去查看',
  spoken: '请立即查看现场。我去查看，请按 1。',
  keys: [{ key: '1', answer: 'coming', words: '我去查看' }],
  link: 'https://centre.example/call/x',
  isTest: false,
};
const patient = (): AbortSignal => new AbortController().signal;
const hurried = (): AbortSignal => AbortSignal.timeout(200);

let adapter: AdapterSide;
let mail: MailSide;
let push: PushSide;
before(async () => {
  [adapter, mail, push] = await Promise.all([AdapterSide.open(), MailSide.open(PASSWORD), PushSide.open()]);
});
after(() => Promise.all([adapter.close(), mail.close(), push.close()]));
beforeEach(() => {
  adapter.manner = 'takes';
  adapter.words = JSON.stringify({ receipt: 'taken' });
  mail.manner = 'takes';
  push.manner = 'takes';
});

const sent = (receipt: string): ChannelOutcome => ({ kind: 'sent', receipt });
const phone = (kind: 'voice' | 'sms'): Channel =>
  phoneChannel(kind, {
    url: adapter.url,
    secret: SECRET,
    answersUrl: 'https://centre.example/answers',
    now: () => Date.now(),
  });

test('a call is spoken, a short message has the link; signed, and known by its id', async () => {
  assert.deepEqual(await phone('voice').send(message, patient()), sent('taken'));
  assert.deepEqual(await phone('sms').send(message, patient()), sent('taken'));
  const [voice, sms] = adapter.received.slice(-2);
  assert.ok(voice && sms);
  assert.deepEqual(JSON.parse(voice.body), {
    ...{
      schema: 'fengsui.call.1',
      kind: 'voice',
      callId: 'i-venue-1.1',
      to: '13800000000',
      language: 'zh',
      test: false,
    },
    text: message.spoken,
    keys: [{ key: '1', words: '我去查看' }],
    answersUrl: 'https://centre.example/answers',
  });
  assert.equal((JSON.parse(sms.body) as { text: string }).text, `${message.text}\n${message.link}`);
  for (const one of [voice, sms]) {
    assert.equal(one.headers['idempotency-key'], 'i-venue-1.1');
    assert.equal(one.headers['x-fengsui-signature'], AdapterSide.signature(SECRET, one));
  }
});

test('an adapter that refuses a call leads to nobody; one that fails, hangs or turns us away is down', async () => {
  adapter.manner = 'refuses';
  assert.deepEqual(await phone('voice').send(message, patient()), {
    kind: 'failed',
    reason: 'HTTP 404 no such number',
    isForGood: true,
  });
  adapter.manner = 'fails';
  assert.deepEqual(await phone('voice').send(message, patient()), {
    kind: 'failed',
    reason: 'HTTP 503 no line',
    isChannelDown: true,
  });
  assert.equal(await phone('sms').check(patient()), 'HTTP 503 no line');
  for (const manner of ['hangs', 'turns'] as const) {
    adapter.manner = manner;
    const outcome = await phone('voice').send(message, hurried());
    assert.ok(outcome.kind === 'failed' && outcome.isChannelDown, manner);
  }
  adapter.manner = 'takes';
  assert.equal(await phone('voice').check(patient()), undefined);
  assert.equal((JSON.parse(adapter.received.at(-1)?.body ?? '') as { kind: string }).kind, 'check');
});

test('a mail says it in words, with the page of the call; the same call is the same mail', async () => {
  const door = mailChannel({ url: mail.url, from: 'centre@city.example' });
  const outcome = await door.send({ ...message, to: 'li@venue.example' }, patient());
  assert.ok(outcome.kind === 'sent' && outcome.receipt.startsWith('250'));
  const [taken] = mail.mails;
  assert.deepEqual([taken?.from, taken?.to], ['centre@city.example', ['li@venue.example']]);
  const words = taken?.raw ?? '';
  assert.equal(taken?.text.trim().replaceAll('\r', ''), `${message.text}\n\n${message.link}`);
  assert.match(words, /^Message-ID: <i-venue-1[.]1@city[.]example>\r$/im);
  assert.match(words, /^X-Priority: 1 /m);
  const [, encoded = ''] = /^Subject: =\?UTF-8\?B\?(.*?)\?=\r$/ms.exec(words) ?? [];
  assert.ok(
    message.title.startsWith(
      Buffer.from(encoded.split('?=')[0] ?? '', 'base64')
        .toString('utf8')
        .slice(0, 8),
    ),
  );
  assert.equal(await door.check(patient()), undefined);
});

test('a mailbox that is none leads to nobody; log-in, silence and no server are the channel’s; no password is ever said', async () => {
  const door = mailChannel({ url: mail.url, from: 'centre@city.example' });
  const to = 'li@venue.example';
  const outcomes: ChannelOutcome[] = [];
  for (const manner of ['refusesRecipient', 'full', 'refusesLogin', 'hangs'] as const) {
    mail.manner = manner;
    outcomes.push(await door.send({ ...message, to }, manner === 'hangs' ? hurried() : patient()));
  }
  outcomes.push(
    await mailChannel({ url: `smtp://centre:${encodeURIComponent(PASSWORD)}@127.0.0.1:9`, from: to }).send(
      message,
      patient(),
    ),
  );
  assert.deepEqual(
    outcomes.map((outcome) => [outcome.kind, 'isForGood' in outcome, 'isChannelDown' in outcome]),
    [
      ['failed', true, false],
      ['failed', false, false],
      ['failed', false, true],
      ['failed', false, true],
      ['failed', false, true],
    ],
  );
  assert.ok(!JSON.stringify(outcomes).includes(PASSWORD));
  mail.manner = 'refusesLogin';
  assert.match((await door.check(patient())) ?? '', /535/);
  assert.equal(mailProblem(mail.url, 'centre@city.example'), undefined);
  assert.match(
    mailProblem(`http://a:${PASSWORD}@b`, 'centre@city.example') ?? '',
    /mailUrl is not shown, expected smtps/,
  );
  assert.match(mailProblem(mail.url, 'a@b\r\nBcc: c@d') ?? '', /mailFrom is "a@b\\r\\nBcc: c@d", expected/);
});

test('the worked examples of chat robots, each with what it answers', async () => {
  const file = new URL('./webhook-examples.json', import.meta.url);
  const examples = readWebhooks(await readFile(file, 'utf8')).map((webhook) => ({ ...webhook, url: adapter.url }));
  const channel = webhookChannel(examples, () => Date.now());
  const answers = {
    dingtalk: ['{"errcode":0,"errmsg":"ok"}', '{"errcode":310000,"errmsg":"keywords not in content"}'],
    wecom: ['{"errcode":0,"errmsg":"ok"}', '{"errcode":93000,"errmsg":"invalid webhook url"}'],
    feishu: ['{"code":0,"msg":"success","data":{}}', '{"code":19024,"msg":"Key Words Not Found"}'],
    slack: ['ok', undefined],
  } as const;
  for (const [name, [taken, refused]] of Object.entries(answers)) {
    adapter.words = taken;
    assert.deepEqual(await channel.send({ ...message, to: name }, patient()), sent('HTTP 202'), name);
    const body = adapter.received.at(-1)?.body ?? '';
    for (const word of [message.title, '我去查看', 'https://centre.example/call/x'])
      assert.ok(body.includes(word), name);
    if (refused === undefined) continue;
    adapter.words = refused;
    const outcome = await channel.send({ ...message, to: name }, patient());
    assert.ok(outcome.kind === 'failed' && outcome.isChannelDown && outcome.reason.includes(refused), name);
  }
  const unknown = await channel.send({ ...message, to: 'nobody' }, patient());
  assert.ok(unknown.kind === 'failed' && unknown.isForGood);
});

test('whatever is said stays one text of the JSON it is put into', async () => {
  const [webhook] = readWebhooks(
    JSON.stringify([
      { name: 'w', url: adapter.url, secret: SECRET, body: { a: ['x {{title}} y', 7, null], b: '{{text}}{{link}}' } },
    ]),
  );
  assert.ok(webhook);
  const channel = webhookChannel([webhook], () => Date.now());
  const { link: _link, ...unlinked } = message;
  const property = fc.asyncProperty(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('"},{', '\n', '{{link}}', '\u2028', '\\'),
    async (words, trap) => {
      const title = `${words}${trap}`;
      await channel.send({ ...unlinked, to: 'w', title, text: trap }, patient());
      const received = adapter.received.at(-1);
      assert.deepEqual(JSON.parse(received?.body ?? ''), { a: [`x ${title} y`, 7, null], b: trap });
      assert.equal(
        received?.headers['x-fengsui-signature'],
        AdapterSide.signature(SECRET, received ?? { headers: {}, body: '', at: 0 }),
      );
    },
  );
  await fc.assert(property, { numRuns: 60 });
});

test('a file of webhooks says where it is wrong', () => {
  const good = { name: 'w', url: 'https://robot.example/x', body: {} };
  const cases: readonly (readonly [unknown, RegExp])[] = [
    [{}, /expected a list/],
    [[{ ...good, url: 'http://robot.example/x' }], /webhook 1: url: expected https/],
    [[good, { ...good, colour: 'red' }], /webhook 2: colour is unknown, expected name, url/],
    [[good, good], /name w is there twice/],
    [[{ ...good, body: { a: '{{venue}}' } }], /body has {{venue}}, expected of {{title}}/],
    [[{ ...good, headers: { cookie: 'a' } }], /headers[.]cookie: expected authorization or x-/],
    [[{ ...good, okWhen: { path: 'a' } }], /okWhen: expected/],
    [[{ ...good, name: 'a b' }], /name is "a b", expected letters/],
  ];
  for (const [given, expected] of cases) assert.throws(() => readWebhooks(JSON.stringify(given)), expected);
});

test('push: encrypted for the one browser, signed by this centre; a browser that is gone leads to nobody', async () => {
  const keys = vapidKeys(Buffer.alloc(32, 3));
  const channel = pushChannel({ contact: 'mailto:centre@city.example', keys });
  const told = { ...message, pushTargets: [push.target] };
  assert.deepEqual(await channel.send(told, patient()), sent('1 of 1 browsers'));
  const [pushed] = push.pushed;
  assert.deepEqual(
    [pushed?.payload.title, pushed?.payload.link, pushed?.payload.callId],
    [message.title, message.link, 'i-venue-1.1'],
  );
  assert.deepEqual([pushed?.claims.aud, pushed?.claims.sub], [push.origin, 'mailto:centre@city.example']);
  assert.deepEqual([pushed?.headers['ttl'], pushed?.headers['urgency']], ['120', 'high']);
  assert.equal(String(pushed?.headers['topic']).length, 32);
  push.manner = 'gone';
  assert.deepEqual(await channel.send(told, patient()), {
    kind: 'failed',
    reason: 'no browser of this person takes push',
    isForGood: true,
  });
  push.manner = 'fails';
  assert.deepEqual(await channel.send(told, patient()), { kind: 'failed', reason: 'HTTP 503', isChannelDown: true });
  const insecure = { ...push.target, endpoint: 'http://10.0.0.1/push' };
  assert.ok((await channel.send({ ...message, pushTargets: [insecure] }, hurried())).kind === 'failed');
});

test('keys of push are those of the seed, whoever leads', () => {
  assert.deepEqual(vapidKeys(Buffer.alloc(32, 3)), vapidKeys(Buffer.alloc(32, 3)));
  assert.notEqual(vapidKeys(Buffer.alloc(32, 3)).publicKey, vapidKeys(Buffer.alloc(32, 4)).publicKey);
  assert.equal(Buffer.from(vapidKeys(Buffer.alloc(32, 3)).publicKey, 'base64url').length, 65);
});
