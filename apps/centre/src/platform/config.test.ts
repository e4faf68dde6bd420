import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { ConfigError, environmentName, loadConfig, settings, type ConfigSources, type SettingKey } from './config.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'fengsui-config-'));
after(() => rm(folder, { recursive: true, force: true }));

let files = 0;
async function written(text: string): Promise<string> {
  const file = path.join(folder, `${++files}.json`);
  await writeFile(file, text);
  return file;
}

const load = (sources: Partial<ConfigSources>) => loadConfig({ environment: {}, ...sources });

function problemsOf(sources: Partial<ConfigSources>): readonly string[] {
  try {
    load(sources);
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.problems;
  }
  assert.fail('accepted');
}

const whereFrom = (sources: Partial<ConfigSources>, key: SettingKey) => {
  const found = load(sources).values.find((value) => value.key === key);
  return [found?.value, found?.from];
};

test('without anything every setting has its default', () => {
  assert.deepEqual(load({}).config, {
    web: { host: '127.0.0.1', port: 8119, connectionsPerAddress: 2_000 },
    mqtt: { host: '127.0.0.1', port: 1883, tlsPort: 8883 },
    gb26875: { host: '127.0.0.1', port: 5200, allow: undefined, profiles: undefined },
    database: { url: undefined },
    disk: { reserveMb: undefined },
    backup: { everyHours: 0, folder: undefined, keep: 7 },
    nats: { url: undefined, stream: 'fengsui' },
    retention: {
      rawDays: 30,
      minuteDays: 92,
      quarterDays: 730,
      dayDays: 3_650,
      captureDays: 400,
      eventDays: 1_096,
      loadHistoryDays: 92,
      quarantineDays: 92,
    },
    site: { timeZone: 'Asia/Shanghai' },
    fireCommand: { url: undefined, format: 'json', secret: undefined, sender: undefined },
    callOut: {
      publicUrl: undefined,
      phoneUrl: undefined,
      phoneSecret: undefined,
      mailUrl: undefined,
      mailFrom: undefined,
      webhooks: undefined,
      pushContact: undefined,
      pushServices: 'fcm.googleapis.com, updates.push.services.mozilla.com, web.push.apple.com, *.notify.windows.com',
    },
    work: { rules: undefined },
    audit: {
      retentionDays: 400,
      syslog: undefined,
      syslogCa: undefined,
      timestampUrl: undefined,
      timestampCa: undefined,
    },
    canary: { everyS: 60 },
    access: {
      passwordProfile: 'asvs',
      maxSessions: 5,
      secondFactor: 'offered',
      idleLockMinutes: 15,
      readsPerMinute: 6_000,
      writesPerMinute: 6_000,
      exportsPerMinute: 60,
      strangersPerMinute: 3_000,
    },
    oidc: {
      issuer: undefined,
      clientId: undefined,
      clientSecret: undefined,
      redirectUrl: undefined,
      name: 'OpenID Connect',
      secondFactor: 'here',
    },
    log: { level: 'info', format: 'text' },
  });
  assert.deepEqual(whereFrom({}, 'web.port'), [8119, 'default']);
});

test('file < environment < flag, and each value says where it came from', async () => {
  const file = await written('{"web":{"port":1001},"mqtt":{"port":1002},"log":{"level":"warn"}}');
  const environment = { FENGSUI_WEB_PORT: '2001', FENGSUI_MQTT_PORT: '2002' };
  const sources = { file, environment, flags: { 'web.port': '3001' } } as const;
  assert.deepEqual(whereFrom(sources, 'web.port'), [3001, 'flag']);
  assert.deepEqual(whereFrom(sources, 'mqtt.port'), [2002, 'environment']);
  assert.deepEqual(whereFrom(sources, 'log.level'), ['warn', 'file']);
  assert.deepEqual(whereFrom(sources, 'log.format'), ['text', 'default']);
});

test('0 is a port: any free one', async () => {
  assert.equal(load({ environment: { FENGSUI_WEB_PORT: '0' } }).config.web.port, 0);
  assert.equal(load({ file: await written('{"web":{"port":0}}') }).config.web.port, 0);
});

test('what is no port is refused with the value, the place and the expectation', async () => {
  for (const text of ['', '65536', '-1', '80.5', 'http', ' ']) {
    const file = await written(JSON.stringify({ web: { port: text } }));
    assert.deepEqual(problemsOf({ file }), [
      `web.port in ${file} is ${JSON.stringify(text)}, expected a port from 0 (any free one) to 65535`,
    ]);
  }
});

test('an empty variable counts as not set', () => {
  assert.equal(load({ environment: { FENGSUI_WEB_PORT: '', FENGSUI_LOG_LEVEL: undefined } }).config.web.port, 8119);
});

test('the audit is kept for half a year at least, and what it is told to has host and port', async () => {
  const refused = (name: string, value: string) => () => loadConfig({ environment: { [name]: value } });
  assert.throws(refused('FENGSUI_AUDIT_RETENTIONDAYS', '179'), /"179", expected a whole number from 180 to 36600/);
  for (const url of ['log.example.com', 'http://log.example.com:80', 'tls://log.example.com', 'tls://:6514'])
    assert.throws(refused('FENGSUI_AUDIT_SYSLOG', url), /expected tls:\/\//, url);
  for (const url of ['tls://log.example.com:6514', 'udp://[::1]:514'])
    assert.equal(loadConfig({ environment: { FENGSUI_AUDIT_SYSLOG: url } }).config.audit.syslog, url);
  assert.throws(refused('FENGSUI_AUDIT_TIMESTAMPURL', 'tsa.example.com'), /http:\/\/ or https:\/\//);
});

test('unknown keys are refused with the nearest valid one', async () => {
  const file = await written('{"web":{"prot":1},"mqqt":{"port":1}}');
  assert.deepEqual(problemsOf({ file }), [
    `web.prot in ${file} is unknown; did you mean web.port?`,
    `mqqt.port in ${file} is unknown; did you mean mqtt.port?`,
  ]);
  assert.deepEqual(problemsOf({ environment: { FENGSUI_WEBPORT: '1' } }), [
    'environment variable FENGSUI_WEBPORT is unknown; did you mean FENGSUI_WEB_PORT?',
  ]);
});

test('names of commands are known, names of others are not looked at', () => {
  const environment = {
    FENGSUI_DATA: 'x',
    PATH: 'x',
    WEB_PORT: 'x',
  };
  assert.equal(load({ environment }).config.web.port, 8119);
});

test('every problem is said at once', async () => {
  const file = await written(
    '{"web":{"port":"x","host":5},"log":"loud","site":{"timeZone":"Mars/Base"},"mqtt":{"port":[1]}}',
  );
  const problems = problemsOf({ file, environment: { FENGSUI_LOG_LEVEL: 'loud', FENGSUI_X: '1' } });
  assert.equal(problems.length, 7);
  for (const words of [/web\.port/, /web\.host .*expected a text/, /log in .*expected a section/, /IANA time zone/])
    assert.ok(
      problems.some((problem) => words.test(problem)),
      String(words),
    );
  assert.ok(problems.includes('FENGSUI_LOG_LEVEL is "loud", expected one of error, warn, info, debug'));
});

test('a file that is missing, no JSON or no object is one clear problem', async () => {
  assert.match(problemsOf({ file: path.join(folder, 'nothing.json') }).join(), /nothing\.json: ENOENT/);
  assert.match(problemsOf({ file: await written('{"web":') }).join(), /JSON/);
  assert.match(problemsOf({ file: await written('[]') }).join(), /expected a JSON object of sections/);
});

test('a secret may come from the file that FENGSUI_…_FILE names, other settings may not', async () => {
  const secret = await written('postgres://fengsui:geheim@db/fengsui\n');
  const { config } = load({ environment: { FENGSUI_DATABASE_URL_FILE: secret } });
  assert.equal(config.database.url, 'postgres://fengsui:geheim@db/fengsui');
  assert.match(
    problemsOf({ environment: { FENGSUI_DATABASE_URL_FILE: '/nowhere' } }).join(),
    /FENGSUI_DATABASE_URL_FILE: ENOENT/,
  );
  assert.match(
    problemsOf({ environment: { FENGSUI_WEB_PORT_FILE: secret } }).join(),
    /FENGSUI_WEB_PORT_FILE is unknown/,
  );
});

test('every setting has a description, a default that is valid, and an environment name of its own', () => {
  const names = new Set<string>();
  for (const [key, { description, default: value }] of Object.entries(settings)) {
    assert.ok(description.length > 10, key);
    const name = environmentName(key as SettingKey);
    assert.match(name, /^FENGSUI_[A-Z0-9]+_[A-Z]+$/);
    names.add(name);
    if (value !== undefined)
      assert.deepEqual(whereFrom({ environment: { [name]: String(value) } }, key as SettingKey), [
        value,
        'environment',
      ]);
  }
  assert.equal(names.size, Object.keys(settings).length);
});

test('a password profile is one of two', () => {
  assert.equal(
    load({ environment: { FENGSUI_ACCESS_PASSWORDPROFILE: 'mlps3' } }).config.access.passwordProfile,
    'mlps3',
  );
  assert.throws(() => load({ environment: { FENGSUI_ACCESS_PASSWORDPROFILE: 'weak' } }), /one of asvs, mlps3/);
});
