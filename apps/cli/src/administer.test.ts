import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { CentreProcess, fengsui } from '../../../test/harness/centre-process.ts';

const TIMEOUT = { timeout: 400_000 };
const PASSWORD = 'a quiet beacon 7';

let root: string;
let folder: string;
before(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'fengsui-cli-'));
  folder = path.join(root, 'data');
});
after(() => rm(root, { recursive: true, force: true }));

const call = (args: readonly string[], input?: string) =>
  fengsui([...args, '--data', folder], input === undefined ? {} : { input });

async function data<Result>(args: readonly string[], input?: string): Promise<Result> {
  const { code, stdout, stderr } = await call([...args, '--json'], input);
  assert.equal(code, 0, stderr);
  assert.equal(stdout.trimEnd().split('\n').length, 1, 'stdout is data');
  return JSON.parse(stdout) as Result;
}

async function assertFails(args: readonly string[], words: RegExp, input?: string): Promise<void> {
  const { code, stdout, stderr } = await call(args, input);
  assert.deepEqual([code, stdout], [1, ''], args.join(' '));
  assert.match(stderr, words);
  assert.equal(stderr.trimEnd().split('\n').length, 1, `one line: ${stderr}`);
}

type Made = { readonly secret: string; readonly token: string };

/** `venue`, `device`, `user` and `token` do not ask whether the centre runs. */
async function make(tag: string): Promise<Made> {
  const venue = await data<{ class: string }>(['venue', 'create', '--id', `V-${tag}`, '--class', 'school']);
  assert.equal(venue.class, 'school');
  const device = ['device', 'create', '--model', 'generic-terminal', '--venue', `V-${tag}`, '--id', `D-${tag}`];
  const made = await data<{ deviceId: string; secret: string }>(device);
  assert.deepEqual([made.deviceId, Object.keys(made).sort()], [`D-${tag}`, ['deviceId', 'secret']]);
  assert.match(made.secret, /^[A-Za-z0-9_-]{43}$/);
  const account = await data<{ username: string; role: string; venueIds: string[] }>(
    ['user', 'create', '--name', `owner-${tag}`, '--role', 'venueManager', '--venue', `V-${tag}`],
    `${PASSWORD}\n`,
  );
  assert.deepEqual([account.username, account.role, account.venueIds], [`owner-${tag}`, 'venueManager', [`V-${tag}`]]);
  assert.ok(!JSON.stringify(account).includes('scrypt'));
  const { token } = await data<{ token: string }>(['token', 'create', '--role', 'integrator']);
  assert.match(token, /^fst_/);
  return { secret: made.secret, token };
}

async function assertRefusals(tag: string): Promise<void> {
  await assertFails(['venue', 'create', '--id', `V-${tag}`], /venue V-\S+ exists already/);
  await assertFails(['venue', 'create', '--id', 'a b'], /venue id "a b": expected 1 to 64/);
  const device = ['device', 'create', '--venue', `V-${tag}`, '--model'];
  await assertFails([...device, 'generic-terminal', '--id', `D-${tag}`], /device D-\S+ exists already/);
  await assertFails([...device, 'toaster', '--id', 'X'], /"toaster" is unknown; known are .*generic-terminal/);
  await assertFails([...device, 'generic-smoke', '--id', 'X', '--parent', `D-${tag}`], /is not a registered gateway/);
  await assertFails(['device', 'revoke', '--id', 'nobody'], /device nobody is not registered/);
  const user = ['user', 'create', '--name', `x-${tag}`, '--role'];
  await assertFails([...user, 'operator'], /the password has 5 characters/, 'short');
  await assertFails([...user, 'founder'], /role "founder" is unknown; known are operator/, PASSWORD);
  await assertFails([...user, 'operator', '--venue', 'V-404'], /venue "V-404" does not exist/, PASSWORD);
  await assertFails(['token', 'create', '--role', 'king'], /role "king" is unknown/);
}

test(
  'administration works on a stopped centre, on a running one, and each sees what the other made',
  TIMEOUT,
  async () => {
    const stopped = await make('stopped');
    const centre = await CentreProcess.start({ folder });
    try {
      const running = await make('running');
      await assertRefusals('running');
      for (const { token } of [stopped, running]) {
        const response = await fetch(`${centre.webUrl}/api/v1/devices`, {
          headers: { authorization: `Bearer ${token}` },
        });
        const { items } = (await response.json()) as { items: { id: string }[] };
        assert.deepEqual(
          items.map(({ id }) => id),
          ['D-running', 'D-stopped'],
        );
      }
      const login = await fetch(`${centre.webUrl}/api/v1/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ username: 'owner-stopped', password: PASSWORD }),
      });
      assert.equal(login.status, 200, 'the line break of the file is not part of the password');
    } finally {
      await centre.stop();
    }
    await assertFails(
      ['device', 'create', '--id', 'D-running', '--model', 'generic-smoke', '--venue', 'V'],
      /exists already/,
    );
  },
);

test('without --json the answer is for people, and a venue that had to be made is said', TIMEOUT, async () => {
  const made = await call(['device', 'create', '--id', 'S-1', '--model', 'generic-smoke', '--venue', 'V-new']);
  assert.equal(made.code, 0);
  assert.match(made.stdout, /^device S-1\nsecret [A-Za-z0-9_-]{43}\n$/);
  assert.equal(made.stderr, 'venue V-new did not exist and was made (class office)\n');
  const token = await call(['token', 'create', '--role', 'display', '--venue', 'V-new', '--days', '365']);
  assert.match(token.stdout, /^fst_[A-Za-z0-9_-]{43}\n$/);
  assert.deepEqual([(await call(['device', 'revoke', '--id', 'S-1'])).code, token.code], [0, 0]);
});

test('db migrate says when the store has the newest schema, and may be called again', TIMEOUT, async () => {
  for (let i = 0; i < 2; i++) {
    const { code, stdout, stderr } = await call(['db', 'migrate']);
    assert.deepEqual([code, stdout], [0, '']);
    assert.match(stderr, /the store has the newest schema\n$/);
  }
});
