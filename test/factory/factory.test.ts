import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { ApiClient, type Page } from '../contract/client/api-client.ts';
import { ContractCentre } from '../contract/client/contract-centre.ts';
import { eventually } from '../contract/client/eventually.ts';
import { fengsui } from '../harness/centre-process.ts';
import { writeWaveformCsv } from '../harness/switching-waveform.ts';
import { TerminalProcess } from '../harness/terminal-process.ts';

const TIMEOUT = { timeout: 600_000 };
const PATIENCE_MS = 120_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** What is really there, and by how much the channels of T1 are off: closed forms, no arithmetic of the product. */
const truth = { voltageV: 230, currentA: 10, lagRad: 0.5 };
const activePowerW = truth.voltageV * truth.currentA * Math.cos(truth.lagRad);
const channel = { voltage: { gain: 1.05, offset: 0, phaseUs: 0 }, current: { gain: 0.96, offset: 0, phaseUs: 100 } };

let centre: ContractCentre;
let folder: string;
let tester: string;
let technician: ApiClient;
let technicianToken: string;
let terminal: TerminalProcess | undefined;

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fengsui-factory-'));
  centre = await ContractCentre.start();
  tester = await centre.provision.token('factory');
  technicianToken = await centre.provision.token('technician');
  technician = new ApiClient(centre.process.webUrl, technicianToken);
  await centre.register('other', { venueId: 'V1' });
}, TIMEOUT);
after(async () => {
  await terminal?.kill9();
  await centre.dispose();
  await rm(folder, { recursive: true, force: true });
});

const iso = (at: number): string => new Date(at).toISOString();
const instrument = { serial: 'REF-1', certificate: 'CERT-7' };
const tests = (voltageErrorPct: number): object[] => [
  { test: 'insulationMOhm', value: 320, unit: 'MΩ' },
  { test: 'dielectricLeakageMa', value: 0.8, unit: 'mA' },
  { test: 'voltageErrorPct', value: voltageErrorPct, unit: '%' },
  { test: 'currentErrorPct', value: -0.3, unit: '%' },
];
const channels = (change: object = {}): object[] => [
  { point: 'c1.voltageV', ...channel.voltage, reference: '230 V', ...change },
  { point: 'c1.currentA', ...channel.current, reference: '10 A' },
];

function batch(): { batch: object; devices: object[] } {
  const now = Date.now();
  const testedAt = iso(now - 2 * HOUR_MS);
  const calibration = { calibratedAt: iso(now - 3 * HOUR_MS), by: 'bench 2', instrument, channels: channels() };
  return {
    batch: { id: 'B-7', model: 'generic-terminal', producedAt: iso(now - DAY_MS) },
    devices: [
      { serial: 'S1', deviceId: 'T1', firmware: '1.4.2', testedAt, result: 'pass', tests: tests(0.1), calibration },
      { serial: 'S2', testedAt, result: 'fail', tests: tests(1.7) },
      {
        serial: 'S3',
        testedAt,
        result: 'pass',
        tests: tests(0.2),
        // Three years is the term of the model.
        calibration: { ...calibration, calibratedAt: iso(now - 4 * 365 * DAY_MS) },
      },
    ],
  };
}

const factoryCommand = (args: readonly string[], token: string) =>
  fengsui(['factory', ...args, '--centre', centre.process.webUrl], { env: { FENGSUI_TOKEN: token } });

type Calibrations = Page<{ id: string; version: number; delivery?: { state: string }; channels: object[] }>;
type Summary = {
  readonly complete: boolean;
  readonly notCalibrated?: true;
  readonly calibration?: { readonly id: string; readonly version: number; readonly channels: object[] };
};

test('a batch comes in whole or not at all, from a tester that may do nothing else', TIMEOUT, async () => {
  const file = path.join(folder, 'b7.json');
  const { batch: head, devices } = batch();
  const spoilt = devices.map((device, index) => (index === 1 ? { ...device, result: 'pass' } : device));
  await writeFile(file, JSON.stringify({ batch: head, devices: spoilt }));
  const refused = await factoryCommand(['import', file], tester);
  assert.equal(refused.code, 1, refused.stderr);
  assert.match(refused.stdout, /devices, row 2, result: S2: result is pass: voltageErrorPct failed\. Fix: /);
  await writeFile(file, JSON.stringify({ batch: head, devices }));
  const preview = await factoryCommand(['import', file, '--preview'], tester);
  assert.deepEqual([preview.code, /nothing was written/.test(preview.stderr)], [0, true], preview.stderr);
  assert.equal((await technician.call('GET', '/api/v1/factory/batches/B-7')).status, 404);
  const sheets = path.join(folder, 'sheets');
  await mkdir(sheets);
  await writeFile(path.join(sheets, 'batch.csv'), '批次号,型号,生产时间\nB-8,generic-smoke,2026-11-20\n');
  await writeFile(path.join(sheets, 'devices.csv'), '序列号,检验时间,结论,备注\nK1,2026-11-21 09:30,不合格,外壳裂\n');
  const byHand = await factoryCommand(['import', sheets, '--preview'], tester);
  assert.match(byHand.stdout, /^batch B-8: 1 devices, 1 new, .* 0 passed, 1 failed/, byHand.stderr);
  const recorded = await factoryCommand(['import', file], tester);
  assert.equal(recorded.code, 0, recorded.stderr);
  const bench = new ApiClient(centre.process.webUrl, tester);
  for (const [method, address, body] of [
    ['GET', '/api/v1/factory/batches'],
    ['GET', '/api/v1/devices'],
    ['GET', '/api/v1/devices/T1/calibrations'],
    ['POST', '/api/v1/factory/batches/B-7/claims', {}],
    ['POST', '/api/v1/devices/T1/claim'],
    ['PUT', '/api/v1/devices/S2/life', { state: 'inStock', reason: 'r' }],
  ] as const)
    assert.equal((await bench.call(method, address, body)).status, 403, `${method} ${address}`);
});

test(
  'what was acknowledged survives kill -9; a device that failed gets no further, the other gets its place',
  TIMEOUT,
  async () => {
    await centre.process.kill9();
    await centre.process.up();
    const known = await technician.get<object>('/api/v1/factory/batches/B-7');
    assert.partialDeepStrictEqual(known, {
      deviceCount: 3,
      passedCount: 2,
      failedCount: 1,
      inStockCount: 2,
      installedCount: 0,
      overdueCount: 1,
      venueId: 'stock',
    });
    const [failed] = (await technician.get<Page<{ result: string }>>('/api/v1/devices/S2/end-of-line')).items;
    assert.equal(failed?.result, 'fail');
    const stocked = await technician.call('PUT', '/api/v1/devices/S2/life', { state: 'inStock', reason: 'r' });
    assert.deepEqual([stocked.status, (stocked.body as { code: string }).code], [409, 'endOfLineFailed'], stocked.text);
    const placed = await technician.call('PUT', '/api/v1/devices/S2/place', { venueId: 'V1' });
    assert.deepEqual([placed.status, (placed.body as { code: string }).code], [409, 'endOfLineFailed'], placed.text);

    const codes = path.join(folder, 'codes.csv');
    const url = ['--url', 'https://192.0.2.7:8119'];
    const sheet = path.join(folder, 'labels.pdf');
    const drawn = await factoryCommand(['labels', 'B-7', '--out', sheet, ...url], technicianToken);
    assert.deepEqual([drawn.code, (await readFile(sheet)).subarray(0, 5).toString()], [0, '%PDF-'], drawn.stderr);
    const printed = await factoryCommand(['labels', 'B-7', '--out', codes, ...url], technicianToken);
    assert.equal(printed.code, 0, printed.stderr);
    assert.equal((await stat(codes)).mode & 0o777, 0o600);
    const rows = (await readFile(codes, 'utf8'))
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','));
    assert.deepEqual(
      rows.map(([serial, deviceId]) => [serial, deviceId]),
      [
        ['S1', 'T1'],
        ['S3', 'S3'],
      ],
    );
    const [, , claim = '', address] = rows[0] ?? [];
    assert.equal(address, `https://192.0.2.7:8119/devices/T1#claim=${claim}`);
    const secret = ['--secret-file', path.join(folder, 't1.secret')];
    const enrolled = await fengsui([
      'terminal',
      'enrol',
      '--centre',
      centre.process.webUrl,
      '--claim',
      claim,
      ...secret,
    ]);
    assert.equal(enrolled.code, 0, enrolled.stderr);

    for (const id of ['T1', 'S3']) {
      const installed = await factoryCommand(['install', id, '--venue', 'V1', '--area', 'board 1'], technicianToken);
      assert.equal(installed.code, 0, installed.stderr);
    }
    const { items } = await technician.get<Page<{ kind: string; to?: string }>>('/api/v1/devices/T1/history');
    const lives = items.filter(({ kind }) => kind === 'life').map(({ to }) => to);
    assert.deepEqual(lives.reverse(), ['tested', 'inStock', 'installed']);
    const spots = await technician.get<Page<{ deviceId: string; reasons: string[] }>>('/api/v1/blind-spots?venueId=V1');
    const overdue = spots.items.filter(({ reasons }) => reasons.includes('calibrationOverdue'));
    assert.deepEqual(
      overdue.map(({ deviceId }) => deviceId),
      ['S3'],
    );
  },
);

test(
  'a terminal with mis-scaled channels measures right from its calibration on, and its captures name it',
  TIMEOUT,
  async () => {
    const sampleRateHz = 6_400;
    const at = (point: (t: number) => number): Float64Array =>
      Float64Array.from({ length: 2 * sampleRateHz }, (_, frame) => point(frame / sampleRateHz));
    const omega = 2 * Math.PI * 50;
    const raw = {
      voltageV: at((t) => (Math.SQRT2 * truth.voltageV * Math.sin(omega * t)) / channel.voltage.gain),
      currentA: at(
        (t) =>
          (Math.SQRT2 * truth.currentA * Math.sin(omega * (t - channel.current.phaseUs / 1e6) - truth.lagRad)) /
          channel.current.gain,
      ),
    };
    const source = path.join(folder, 'raw.csv');
    await writeWaveformCsv(source, { sampleRateHz, mainsHz: 50, ...raw });
    const secretFile = path.join(folder, 't1.secret');
    const secret = (await readFile(secretFile, 'utf8')).trim();
    const args = ['--source', source, '--repeat', '--device', 'T1', '--centre', centre.process.mqttUrl, '--no-loads'];
    const state = ['--state', path.join(folder, 't1.json'), '--secret-file', secretFile];
    const play = (): TerminalProcess => (terminal = new TerminalProcess([...args, ...state], secret));

    const inUse = (id: string): Promise<unknown> =>
      eventually(
        `${id} to be in use`,
        async () => {
          const { items } = await technician.get<Calibrations>('/api/v1/devices/T1/calibrations');
          return items[0]?.id === id && items[0].delivery?.state === 'inUse' ? items : undefined;
        },
        PATIENCE_MS,
      );
    /** The newest value of a point, once it was measured after `since`. */
    const valueOf = (point: string, since: number): Promise<number> =>
      eventually(
        `${point} after ${iso(since)}`,
        async () => (await centre.rowsOf('T1', point)).filter(([when]) => when > since).at(-1)?.[3],
        PATIENCE_MS,
      );
    const assertRight = async (since: number, voltageV = truth.voltageV): Promise<void> => {
      assert.ok(Math.abs((await valueOf('c1.voltageV', since)) - voltageV) < 0.02);
      assert.ok(Math.abs((await valueOf('c1.currentA', since)) - truth.currentA) < 0.002);
      const watts = await valueOf('c1.activePowerW', since);
      assert.ok(Math.abs(watts - (activePowerW * voltageV) / truth.voltageV) < 0.5, `${watts} W`);
    };
    const captured = async (): Promise<Summary> => {
      const { id } = await eventually('a command to be heard', async () => {
        const given = await technician.post('/api/v1/devices/T1/commands', { name: 'captureNow', reason: 'test' });
        return given.status === 202 ? (given.body as { id: string }) : undefined;
      });
      const { captureId } = await eventually('the name of the capture', async () => {
        const { result } = await technician.get<{ result?: { captureId: string } }>(
          `/api/v1/devices/T1/commands/${id}`,
        );
        return result;
      });
      return eventually('the capture', async () => {
        const { status, body } = await technician.call('GET', `/api/v1/captures/T1:${captureId}`);
        return status === 200 && (body as Summary).complete ? (body as Summary) : undefined;
      });
    };

    await play().says(/not calibrated: samples count as they come/);
    await inUse('T1-k1');
    const delivered = Date.now();
    // What is told within the second of the change may be of before it.
    await assertRight(delivered + 2_000);
    assert.partialDeepStrictEqual(await captured(), {
      calibration: {
        id: 'T1-k1',
        version: 1,
        channels: [
          { point: 'c1.voltageV', ...channel.voltage },
          { point: 'c1.currentA', ...channel.current },
        ],
      },
    });

    await terminal?.kill9();
    await play().says(/calibration T1-k1 of .* by bench 2/);
    await assertRight(Date.now() + 1_000);

    const ordered = { name: 'calibrate', args: { calibration: {} }, reason: 'by hand' };
    const byHand = await technician.post('/api/v1/devices/T1/commands', ordered);
    assert.deepEqual([byHand.status, (byHand.body as { code: string }).code], [403, 'centreOnly'], byHand.text);
    const anew = { calibratedAt: iso(Date.now() - 60_000), instrument, channels: channels({ gain: 1.04 }) };
    const wild = { ...anew, channels: channels({ gain: 1.4 }) };
    const implausible = await technician.post('/api/v1/devices/T1/calibrations', wild);
    assert.deepEqual([implausible.status, (implausible.body as { code: string }).code], [422, 'gainImplausible']);
    const second = await technician.post('/api/v1/devices/T1/calibrations', anew);
    assert.deepEqual([second.status, (second.body as { id: string }).id], [201, 'T1-k2'], second.text);
    await inUse('T1-k2');
    await assertRight(Date.now() + 2_000, (truth.voltageV * 1.04) / channel.voltage.gain);
    assert.partialDeepStrictEqual(await captured(), { calibration: { id: 'T1-k2', version: 2 } });
    const { items } = await technician.get<Calibrations>('/api/v1/devices/T1/calibrations');
    assert.deepEqual(
      items.map(({ version }) => version),
      [2, 1],
      'the one before stays',
    );
    const told = await eventually('the event of the change', async () => {
      const address = '/api/v1/events?deviceId=T1&kind=calibrationChanged';
      const events = (await technician.get<Page<{ evidence?: object }>>(address)).items;
      return events.length >= 2 ? events.map(({ evidence }) => evidence) : undefined;
    });
    assert.ok(told.some((evidence) => (evidence as { from?: string; to?: string }).to === 'T1-k2'));
    assert.deepEqual(
      (await centre.api.alarmsOf('T1')).filter(({ kind }) => kind === 'calibrationChanged'),
      [],
    );
    const device = await technician.get<object>('/api/v1/devices/T1');
    assert.partialDeepStrictEqual(device, { serial: 'S1', batchId: 'B-7', calibrationInUse: 'T1-k2' });
  },
);
