import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { readWatchConfig, WatchConfigError } from './watch-config.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fengsui-watch-config-'));
  await writeFile(path.join(folder, 'secret'), 'a secret of the receiver\n');
});
after(() => rm(folder, { recursive: true, force: true }));

async function read(content: unknown): Promise<ReturnType<typeof readWatchConfig>> {
  const file = path.join(folder, 'watch.json');
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  return readWatchConfig(file);
}

const least = {
  centre: 'https://centre.example:8119',
  webhooks: [{ url: 'https://duty.example/x', secretFile: 'secret' }],
};

test('what is not said has a default; files are found beside the configuration', async () => {
  const config = await read(least);
  assert.deepEqual(
    [config.name, config.everyS, config.timeoutS, config.canaryAgeS, config.remindMinutes, config.stateFile],
    ['centre.example:8119', 15, 10, 100, 30, path.join(folder, 'watch.state.json')],
  );
  assert.deepEqual(config.channels[0], {
    kind: 'webhook',
    url: new URL('https://duty.example/x'),
    secret: 'a secret of the receiver',
  });
});

test('with the defaults a stop is told within 120 s: two looks, or the age of a canary and one look', async () => {
  const { everyS, timeoutS, canaryAgeS } = await read(least);
  assert.ok(2 * (everyS + timeoutS) <= 120);
  assert.ok(canaryAgeS + everyS <= 120);
});

test('everything that is wrong is said at once, with the place and what is expected', async () => {
  const wrong = {
    centre: 'centre:8119',
    everyS: 60,
    reminders: 3,
    otherTarget: 'router',
    webhooks: [{ url: 'ftp://x', secretFile: 'missing' }],
    mail: { host: 'mail.example', security: 'none', user: 'u', from: 'nobody', to: ['a@b.example\nBcc: x@y.example'] },
  };
  await assert.rejects(read(wrong), (error) => {
    assert.ok(error instanceof WatchConfigError);
    for (const place of [
      'centre is',
      'everyS is 60',
      'reminders is unknown',
      'otherTarget is',
      'webhooks[0].url',
      'webhooks[0].secretFile',
      'mail.user and',
      'in the clear',
      'mail.from',
      'mail.to',
    ])
      // prettier-ignore
      assert.ok(
        error.problems.some((problem) => problem.includes(place)),
        `${place} is not in ${error.problems.join(' | ')}`,
      );
    return true;
  });
});

test('a watcher that can call nobody is refused, and so is a webhook without a secret', async () => {
  await assert.rejects(read({ centre: 'https://x' }), /whom to call/);
  await assert.rejects(read({ ...least, webhooks: [{ url: 'https://x' }] }), /secretFile is missing/);
  await writeFile(path.join(folder, 'short'), 'abc');
  await assert.rejects(read({ ...least, webhooks: [{ url: 'https://x', secretFile: 'short' }] }), /16 or more/);
  await assert.rejects(read('{'), /is not JSON/);
});

test('mail goes encrypted by itself; the port follows', async () => {
  const mail = { host: 'mail.example', from: 'watch@fengsui.example', to: ['duty@fengsui.example'] };
  const portOf = async (security?: string): Promise<unknown> => {
    const [channel] = (await read({ centre: 'https://x', mail: { ...mail, ...(security && { security }) } })).channels;
    return channel?.kind === 'mail' ? [channel.security, channel.port] : undefined;
  };
  assert.deepEqual(await portOf(), ['startTls', 587]);
  assert.deepEqual(await portOf('tls'), ['tls', 465]);
  assert.deepEqual(await portOf('none'), ['none', 25]);
});
