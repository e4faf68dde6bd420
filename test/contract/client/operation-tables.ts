import { isolation } from '../walk/foreign-bodies.ts';
import type { Operation } from './openapi-document.ts';
import { FOREIGN } from './two-venues.ts';

const HOUR_MS = 3_600_000;

/** Read by administrators alone, or by who has an account. */
export const notForOperators: readonly string[] = [
  '/api/v1/releases',
  '/api/v1/audit',
  '/api/v1/audit/export',
  '/api/v1/audit/head',
  '/api/v1/venues/{id}/load-history-reasons',
  '/api/v1/releases/{id}/file',
  '/api/v1/rollouts',
  '/api/v1/rollouts/{id}',
  '/api/v1/rollouts/{id}/devices',
  '/api/v1/users',
  '/api/v1/account-bounds',
  '/api/v1/logins',
  '/api/v1/tokens',
  '/api/v1/export',
  '/api/v1/sources',
  '/api/v1/inbox',
  '/api/v1/inbox/{id}',
  '/api/v1/inbox/groups',
  '/api/v1/inbox/groups/{source}/{shape}',
  '/api/v1/mappings/{source}',
  '/api/v1/factory/batches',
  '/api/v1/factory/batches/{id}',
  '/api/v1/factory/batches/{id}/devices',
  '/api/v1/factory/template',
  '/api/v1/devices/{id}/end-of-line',
  '/api/v1/devices/{id}/calibrations',
  '/api/v1/relays',
  '/api/v1/relays/{id}',
  '/api/v1/relays/{id}/devices',
  '/api/v1/session/open-id',
];

const words = { zh: 'z', en: 'e' };
const ruleDraft = {
  kind: 'heat',
  level: 'alarm',
  scope: {},
  test: { kind: 'off' },
  consequence: words,
  response: words,
  timeAllowedS: 60,
  source: 'ours',
};

/** A body that its schema takes, with things of the other venue where it names any. */
export const bodyOf = ({ method, path }: Operation): object | undefined => {
  if (method === 'PUT') {
    if (path.endsWith('/wave')) return { wave: 'w' };
    if (path.includes('/sources/')) return { name: 'n' };
    if (path.includes('/relays/')) return { host: 'h', port: 1 };
    if (path.includes('contacts/')) return { name: 'n', role: 'duty', phone: '119' };
    if (path.endsWith('/place')) return { venueId: 'V-own' };
    if (path.endsWith('/life')) return { state: 'maintenance', reason: 'r' };
    if (path.includes('/venues/')) return { name: 'n', class: 'office', organisationId: 'default' };
    if (path.includes('/areas/')) return { venueId: `V-${FOREIGN}`, kind: 'room', name: 'n' };
    if (path.includes('/circuits/')) return { protectedClass: 'none' };
    if (path.includes('/organisations/')) return { kind: 'venueOwner', name: 'n' };
  }
  if (method === 'PATCH') return {};
  if (method !== 'POST') return undefined;
  if (path.endsWith('/load-history-reasons')) return { reason: 'why not' };
  if (path.endsWith('/exclusions')) return { deviceId: `D-${FOREIGN}`, note: 'n' };
  if (path.includes('/rollouts/')) return { note: 'n' };
  if (path.endsWith('/trial')) return { days: 1 };
  if (path.endsWith('/retire')) return { reason: 'r' };
  if (path.endsWith('/rules/{id}/versions')) return ruleDraft;
  if (path.endsWith('/calibrations'))
    return {
      calibratedAt: new Date(0).toISOString(),
      instrument: { serial: 's', certificate: 'c' },
      channels: [{ point: 'c1.currentA', gain: 1 }],
    };
  if (path.endsWith('/isolations')) return isolation({ venueId: `V-${FOREIGN}` });
  if (path.endsWith('/life-changes')) return { to: 'installed', reason: 'r' };
  if (path.endsWith('/commissioning-tests')) return { minutes: 5, reason: 'r' };
  if (path.endsWith('/extend')) return { minutes: 5 };
  if (path.endsWith('/ticks')) return { deviceId: 'd', point: '', outcome: 'passed', reason: 'r' };
  if (path.endsWith('/rearms')) return { deviceId: 'd', point: '' };
  if (path.endsWith('/signatures')) return { sha256: '0'.repeat(64), capacity: 'handOver', name: 'n' };
  if (path.endsWith('/incidents')) return { venueId: `V-${FOREIGN}`, note: 'n' };
  if (path.startsWith('/api/v1/incidents/{id}')) return incidentBodyOf(path.split('/').at(-1) ?? '');
  if (path.startsWith('/api/v1/work-orders/{id}'))
    return {
      revision: 1,
      reason: 'r',
      cause: 'other',
      assignee: { kind: 'person', id: 'nobody' },
      dueAt: new Date(Date.now() + HOUR_MS).toISOString(),
    };
  if (path.endsWith('/mappings/{source}/devices')) return { devices: {} };
  if (path.endsWith('/relays/{id}/mode')) return { mode: 'off', reason: 'r' };
  if (path.endsWith('/shelve')) return { until: new Date(Date.now() + HOUR_MS).toISOString(), reason: 'r' };
  if (path.endsWith('/inspect')) return { note: 'n' };
  if (path.endsWith('/verdicts')) return { verdict: 'real' };
  if (path.endsWith('/load-judgements')) return { loadEventId: 'load-1', verdict: 'reject' };
  if (path.endsWith('/commands')) return { name: 'read', reason: 'r' };
  if (path.endsWith('/gb/read')) return { type: 81 };
  if (path.endsWith('/tests')) return { passed: true };
  if (path.endsWith('/replace')) return { newDeviceId: 'spare-1', reason: 'r' };
  if (path.endsWith('/users')) return { username: 'made-by-test', password: 'quartz-lamp 58 violet', role: 'operator' };
  return {};
};

function incidentBodyOf(act: string): object {
  const said: Readonly<Record<string, object>> = {
    offer: { to: 'nobody' },
    'take-over': { reason: 'r' },
    call: { whom: 'w', outcome: 'answered' },
    send: { whom: 'w' },
    arrive: { whom: 'w' },
    verify: { verdict: 'false', means: 'call', seenCount: 1 },
    tell: { answeredBy: 'a' },
    plan: { note: 'n' },
    note: { note: 'n' },
    close: { cause: 'unknown', note: 'n' },
  };
  return act === 'displayed' || act === 'files' ? {} : { revision: 1, ...said[act] };
}
