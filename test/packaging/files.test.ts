import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { parse } from 'yaml';

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '../..');
const packaging = path.join(root, 'packaging');
const read = (name: string): Promise<string> => readFile(path.join(packaging, name), 'utf8');

type Instruction = { readonly word: string; readonly rest: string };

/** Instructions of a Dockerfile: comments away, continued lines joined. */
const instructionsOf = (text: string): readonly Instruction[] =>
  text
    .replace(/^\s*#.*\n/gm, '')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, word = '', rest = ''] = /^\s*([A-Z]+)\s+(.*)$/.exec(line) ?? [];
      return { word, rest: rest.replace(/\s+/g, ' ').trim() };
    });

const KNOWN = ['FROM', 'WORKDIR', 'COPY', 'RUN', 'ENV', 'USER', 'VOLUME', 'EXPOSE', 'STOPSIGNAL', 'HEALTHCHECK', 'ENTRYPOINT', 'CMD']; // prettier-ignore

test('the image runs as nobody in particular, is asked for its health, gets its signals, and holds no build tools', async () => {
  const instructions = instructionsOf(await read('docker/Dockerfile'));
  for (const { word, rest } of instructions) assert.ok(KNOWN.includes(word) && rest !== '', `${word} ${rest}`);
  const from = instructions.findLastIndex(({ word }) => word === 'FROM');
  const stage = instructions.slice(from);
  const last = (word: string): string => stage.findLast((one) => one.word === word)?.rest ?? '';
  assert.ok(instructions.filter(({ word }) => word === 'FROM').every(({ rest }) => /:[\w.-]+/.test(rest) && !rest.includes(':latest'))); // prettier-ignore
  const [user = '', group = ''] = last('USER').split(':');
  assert.ok(Number(user) > 0 && Number(group) > 0, 'a number above 0: runtimes that forbid root can tell');
  for (const word of ['ENTRYPOINT', 'CMD'])
    assert.ok(Array.isArray(JSON.parse(last(word))), `${word} in its exec form`);
  assert.match(last('HEALTHCHECK'), /--interval=\S+ --timeout=\S+ --start-period=\S+ --retries=\d+ CMD \["/);
  assert.equal(last('STOPSIGNAL'), 'SIGTERM');
  assert.doesNotMatch(stage.map(({ rest }) => rest).join('\n'), /npm |curl |wget |ADD /);
  for (const { rest } of stage.filter(({ word }) => word === 'RUN')) {
    if (!rest.includes('apt-get install')) continue;
    assert.match(rest, /--no-install-recommends .*rm -rf \/var\/lib\/apt\/lists/);
  }
  // What the last stage is made of exists, and so does what is copied from here.
  for (const { word, rest } of instructions) {
    if (word !== 'COPY' || rest.startsWith('--from')) continue;
    for (const source of rest.split(' ').slice(0, -1)) assert.ok(existsSync(path.join(root, source)), source);
  }
  const data = /FENGSUI_DATA=(\S+)/.exec(last('ENV'))?.[1];
  assert.equal(last('VOLUME'), data);
});

type Service = {
  readonly image?: string;
  readonly ports?: readonly string[];
  readonly secrets?: readonly string[];
  readonly volumes?: readonly string[];
  readonly networks?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: unknown;
  readonly environment?: Readonly<Record<string, string>>;
  readonly restart?: string;
  readonly security_opt?: readonly string[];
  readonly build?: { readonly context: string; readonly dockerfile: string };
};
type Compose = Readonly<Record<'volumes' | 'networks' | 'secrets', Readonly<Record<string, unknown>>>> & {
  readonly services: Readonly<Record<string, Service>>;
};

test('the compose file names only what it defines, opens only doors with TLS, and holds no secret', async () => {
  const text = await read('docker/compose.yaml');
  const { services, volumes, networks, secrets } = parse(text, { strict: true, uniqueKeys: true }) as Compose;
  assert.deepEqual(Object.keys(services), ['centre', 'database']);
  for (const [name, service] of Object.entries(services)) {
    for (const volume of service.volumes ?? [])
      assert.ok((volume.split(':')[0] ?? '') in volumes, `${name}: ${volume}`);
    for (const network of service.networks ?? []) assert.ok(network in networks, `${name}: ${network}`);
    for (const secret of service.secrets ?? []) assert.ok(secret in secrets, `${name}: ${secret}`);
    for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
      assert.ok(services[other]?.healthcheck !== undefined, `${other} has a health check to wait for`);
      assert.equal(condition, 'service_healthy');
    }
    assert.match(service.image ?? '', /^\w/);
    assert.equal(service.restart, 'unless-stopped');
    assert.ok(service.security_opt?.includes('no-new-privileges:true'), name);
    for (const [key, value] of Object.entries(service.environment ?? {}))
      assert.ok(!/PASSWORD|SECRET|URL/.test(key) || (key.endsWith('_FILE') && value.startsWith('/run/secrets/')), key);
  }
  assert.deepEqual(services['centre']?.ports, ['8119:8119', '8883:8883']);
  assert.equal(services['database']?.ports, undefined);
  assert.deepEqual(services['database']?.networks, ['store']);
  const { build } = services['centre'] ?? {};
  const context = path.resolve(packaging, 'docker', build?.context ?? '');
  assert.ok(existsSync(path.join(context, build?.dockerfile ?? '-')), 'the Dockerfile is where it says');
});

/** `Key=value` of a section, in order; a key may come again. */
function sectionOf(unit: string, name: string): readonly (readonly [string, string])[] {
  const [, rest = ''] = unit.split(`[${name}]\n`);
  return (rest.split(/^\[/m)[0] ?? '')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]);
}

const HARDENED = {
  NoNewPrivileges: 'yes',
  CapabilityBoundingSet: '',
  ProtectSystem: 'strict',
  ProtectHome: 'yes',
  PrivateTmp: 'yes',
  PrivateDevices: 'yes',
  ProtectKernelTunables: 'yes',
  ProtectKernelModules: 'yes',
  ProtectControlGroups: 'yes',
  RestrictNamespaces: 'yes',
  RestrictSUIDSGID: 'yes',
  LockPersonality: 'yes',
  SystemCallArchitectures: 'native',
  UMask: '0077',
  Restart: 'always',
} as const;

for (const name of ['fengsui', 'fengsui-watch']) {
  test(`${name}.service takes no rights it does not need, and systemd finds nothing wrong with it`, async (t) => {
    const unit = await read(`systemd/${name}.service`);
    const service = sectionOf(unit, 'Service');
    const found = new Map(service);
    for (const [key, value] of Object.entries(HARDENED)) assert.equal(found.get(key), value, key);
    assert.ok(!['root', '0', ''].includes(found.get('User') ?? ''));
    assert.equal(found.has('MemoryDenyWriteExecute'), false, 'V8 compiles at run time');
    assert.match(
      found.get('ExecStart') ?? '',
      /^\/opt\/fengsui\/current\/bin\/fengsui (start --no-demo|watch --config)/,
    );
    assert.deepEqual(sectionOf(unit, 'Install'), [['WantedBy', 'multi-user.target']]);
    if (!existsSync('/usr/bin/systemd-analyze')) return t.skip('systemd-analyze is not here');
    const folder = await mkdtemp(path.join(tmpdir(), 'fengsui-unit-'));
    try {
      // A program that is there: whether it is installed is not the question.
      const file = path.join(folder, `${name}.service`);
      await writeFile(file, unit.replace('ExecStart=/opt/fengsui/current/bin/fengsui', 'ExecStart=/bin/true'));
      const { stdout, stderr } = await run('systemd-analyze', ['verify', '--man=no', file], { timeout: 60_000 });
      assert.equal(
        `${stdout}${stderr}`
          .split('\n')
          .filter((line) => line.includes(name))
          .join('\n'),
        '',
      );
      const judged = await run('systemd-analyze', ['security', '--offline=true', '--threshold=20', file], {
        timeout: 60_000,
      });
      assert.match(judged.stdout, /exposure level for \S+: [01]\.\d/);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

test('the installer is a script that a plain shell reads, and stops at the first thing that fails', async () => {
  const file = path.join(packaging, 'bundle/install.sh');
  await run('sh', ['-n', file], { timeout: 30_000 });
  const text = await readFile(file, 'utf8');
  assert.match(text, /^#!\/bin\/sh\n[^]*\nset -eu\n/);
  const commands = text.replace(/^\s*#.*$/gm, '');
  assert.doesNotMatch(commands, /\[\[|\bfunction \b|\blocal |curl|wget|eval /);
  await assert.rejects(run('sh', [file, '--prefix', 'relative'], { timeout: 30_000 }), /--prefix must begin with \//);
  await assert.rejects(run('sh', [file, '--data', '/x; rm -rf /'], { timeout: 30_000 }), /letters, digits and/);
  await assert.rejects(run('sh', [file, '--help-me'], { timeout: 30_000 }), /unexpected --help-me/);
});
