import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { ModbusSlave, sdm120Input } from '../../apps/terminal/test/modbus-slave.ts';
import type { Page } from '../contract/client/api-client.ts';
import { ContractCentre } from '../contract/client/contract-centre.ts';
import { eventually } from '../contract/client/eventually.ts';
import { TerminalProcess } from '../harness/terminal-process.ts';

const PATIENCE_MS = 60_000;
const limits = { timeout: 5 * PATIENCE_MS };

let contract: ContractCentre;
let folder: string;
let secret: string;
let slave: ModbusSlave;
let terminal: TerminalProcess | undefined;
const residual = new Map([
  [0x190, 18],
  [0xc9, 0],
  [0xcb, 0],
  [0xcf, 0],
]);

before(async () => {
  [contract, folder, slave] = await Promise.all([
    ContractCentre.start(),
    mkdtemp(path.join(tmpdir(), 'fengsui-meter-')),
    ModbusSlave.start(
      new Map([
        [1, { input: sdm120Input }],
        [2, { holding: residual }],
      ]),
    ),
  ]);
  secret = await contract.register('M1');
  const document = {
    format: 'fengsui.fieldbus/1',
    buses: [{ id: 'b1', tcp: { host: '127.0.0.1', port: slave.port }, timeoutMs: 3_000 }],
    meters: [
      { id: 'main', bus: 'b1', unit: 1, map: 'eastron-sdm120' },
      { id: 'leak', bus: 'b1', unit: 2, map: 'schneider-rhu' },
    ],
  };
  await writeFile(path.join(folder, 'meters.json'), JSON.stringify(document));
});
after(async () => {
  await terminal?.kill9();
  await slave.stop();
  await contract.dispose();
  await rm(folder, { recursive: true, force: true });
});

function start(): TerminalProcess {
  const where = ['--device', 'M1', '--centre', contract.process.mqttUrl, '--state', path.join(folder, 'M1.json')];
  terminal = new TerminalProcess(
    ['--fieldbus', path.join(folder, 'meters.json'), '--rated', 'c1=16', ...where],
    secret,
  );
  return terminal;
}

const valueOf = async (point: string): Promise<number | undefined> => {
  const { items } = await contract.api.get<Page<{ id: string; value?: number }>>('/api/v1/devices/M1/points');
  return items.find(({ id }) => id === point)?.value;
};

test(
  'what meters read is at the centre, a leak is an alarm, a silent meter a fault, and a restart ends what is over',
  limits,
  async () => {
    start();
    await eventually('current', async () => (await valueOf('c1.currentA')) === 4.25, PATIENCE_MS);
    await eventually('residual current', async () => (await valueOf('c1.residualCurrentMa')) === 18, PATIENCE_MS);

    // 600 mA for longer than the limit's delay.
    residual.set(0x190, 600);
    const leak = await eventually('the leak', () => contract.alarmOf('M1', 'residualCurrent'), PATIENCE_MS);
    assert.equal(leak.pointId.startsWith('c1'), true);

    slave.faults.set(1, 'silent');
    const fault = await eventually('the fault', () => contract.alarmOf('M1', 'fault'), PATIENCE_MS);
    assert.deepEqual([fault.pointId, fault.state], ['c1', 'unacknowledged']);

    // Killed while both hold; well again before the next start.
    await terminal?.kill9();
    residual.set(0x190, 18);
    slave.faults.delete(1);
    start();
    for (const { id, kind } of [leak, fault]) {
      await eventually(
        `the end of ${kind}`,
        async () => (await contract.api.alarmsOf('M1')).find((alarm) => alarm.id === id)?.state !== 'unacknowledged',
        PATIENCE_MS,
      );
    }
    const raised = (await contract.api.alarmsOf('M1')).filter(
      ({ kind }) => kind === 'fault' || kind === 'residualCurrent',
    );
    assert.equal(raised.length, 2, 'each once');
  },
);
