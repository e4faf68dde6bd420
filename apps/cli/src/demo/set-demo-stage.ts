import { createHmac } from 'node:crypto';
import type { Administration, Log } from '@fengsui/centre';
import { DEMO_TEST_VENUE, DEMO_WAVES } from './demo-places.ts';

const SOURCE = 'demo-cloud';
const DAY_MS = 86_400_000;
const TEST_MINUTES = 240;
const ANSWER_TIMEOUT_MS = 20_000;

/** Detectors whose last test failed: what the demo's work orders are about, and what became of each. */
const FAILED_TESTS = [
  ['demo-v03-s3', 'assigned'],
  ['demo-v24-s2', 'onTheWay'],
  ['demo-v33-s1', 'open'],
] as const;

/** What another platform pushes: two shapes that no mapping reads yet. */
const messages = (at: number): readonly object[] => [
  { sn: 'DEMO-860011', type: 'smoke', payload: { density: 0.21, battery: 87 }, ts: at },
  { sn: 'DEMO-860012', type: 'smoke', payload: { density: 0.18, battery: 91 }, ts: at + 4_000 },
  { sn: 'DEMO-860013', type: 'smoke', payload: { density: 0.25, battery: 42 }, ts: at + 9_000 },
  {
    dev: { imei: 'DEMO-99-4471' },
    event: 'water',
    data: [
      { k: 'level', v: 0.34 },
      { k: 'press', v: 0.42 },
    ],
    t: '2026-11-22 08:00:00',
  },
  {
    dev: { imei: 'DEMO-99-4472' },
    event: 'water',
    data: [
      { k: 'level', v: 0.31 },
      { k: 'press', v: 0.4 },
    ],
    t: '2026-11-22 08:00:30',
  },
];

/**
 * Sets what a visitor finds on the pages of the field: a venue on test, a trial, a foreign source with messages that
 * wait, and work orders. Once per data folder, and through the API alone, as anybody would.
 */
export async function setDemoStage(webUrl: string, administration: Administration, log: Log): Promise<void> {
  try {
    const admin = await caller(webUrl, administration, 'systemAdmin');
    const { items } = (await admin('GET', '/sources')) as { readonly items: readonly { readonly id: string }[] };
    if (items.some(({ id }) => id === SOURCE)) return;
    const now = Date.now();
    // First: its being there says that the stage is set; what is missing then stays missing.
    const source = (await admin('POST', '/sources', { id: SOURCE, name: '别家云平台（演示）Other cloud (demo)' })) as {
      readonly secret: string;
    };
    for (const message of messages(now)) await push(webUrl, source.secret, message);
    const technician = await caller(webUrl, administration, 'technician');
    const leader = await caller(webUrl, administration, 'shiftLeader');
    await technician('POST', `/venues/${DEMO_TEST_VENUE}/commissioning-tests`, {
      minutes: TEST_MINUTES,
      reason: '演示：投运测试 (demo)',
    });
    await technician('POST', '/trials', {
      name: '第一批试运营 Trial of wave 1（演示 demo）',
      wave: DEMO_WAVES[0],
      from: new Date(now - 60_000).toISOString(),
      to: new Date(now + 30 * DAY_MS).toISOString(),
    });
    for (const [deviceId, becomes] of FAILED_TESTS) {
      await technician('POST', `/devices/${deviceId}/tests`, { passed: false, note: '演示：喷烟不报警 (demo)' });
      const order = (await technician('POST', '/work-orders', { deviceId, note: '演示工单 (demo)' })) as Order;
      if (becomes === 'open') continue;
      if (becomes === 'assigned') {
        const assignee = { kind: 'organisation', id: 'demo-maintenance' };
        await leader('POST', `/work-orders/${order.id}/assign`, { revision: order.revision, assignee });
        continue;
      }
      const taken = (await technician('POST', `/work-orders/${order.id}/take`, { revision: order.revision })) as Order;
      await technician('POST', `/work-orders/${order.id}/depart`, { revision: taken.revision });
    }
  } catch (error) {
    // The city runs without it; a visitor misses some pages' content.
    log.warn('the demo has no work orders, test and foreign source', {
      error: error instanceof Error ? error.message : String(error),
    });
  }
}

type Order = { readonly id: string; readonly revision: number };
type Call = (method: string, path: string, body?: object) => Promise<unknown>;

async function caller(webUrl: string, administration: Administration, role: string): Promise<Call> {
  const { token } = await administration.createToken(role, undefined, 'demo', 1);
  return async (method, path, body) => {
    const response = await fetch(`${webUrl}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 300)}`);
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  };
}

async function push(webUrl: string, secret: string, message: object): Promise<void> {
  const body = JSON.stringify(message);
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
  const response = await fetch(`${webUrl}/api/v1/ingest/${SOURCE}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-fengsui-timestamp': timestamp,
      'x-fengsui-signature': `sha256=${signature}`,
    },
    body,
    signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
  });
  if (!response.ok)
    throw new Error(`POST /ingest/${SOURCE}: ${response.status} ${(await response.text()).slice(0, 300)}`);
}
