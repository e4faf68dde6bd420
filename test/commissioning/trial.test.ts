import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { TrialKpi, TrialReport } from '@fengsui/protocol';
import { ApiClient, type AlarmRow, type Page } from '../contract/client/api-client.ts';
import { ContractCentre } from '../contract/client/contract-centre.ts';
import { eventually } from '../contract/client/eventually.ts';

const VENUE = 'V-TRIAL';
const COUNT = 24;
let contract: ContractCentre;
let technician: ApiClient;
let report: TrialReport;

before(async () => {
  contract = await ContractCentre.start();
  technician = new ApiClient(contract.process.webUrl, await contract.provision.token('technician'));
  const admin = new ApiClient(contract.process.webUrl, await contract.provision.token('systemAdmin'));
  const venue = { name: '试运营场所', class: 'office', organisationId: 'default' };
  await contract.register('elsewhere', { venueId: 'V-OTHER', model: 'generic-smoke' });
  assert.equal((await admin.call('PUT', `/api/v1/venues/${VENUE}`, venue)).status, 200);
  assert.equal((await admin.call('PUT', `/api/v1/venues/${VENUE}/wave`, { wave: '第一批' })).status, 200);
});
after(() => contract.dispose());

const kpi = (id: TrialKpi['id']): TrialKpi => {
  const found = report.kpis.find((candidate) => candidate.id === id);
  assert.ok(found, id);
  return found;
};

/** Linear between the two nearest, as SQL's percentile_cont; written anew. */
function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const [low = Number.NaN, high = low] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return low + (high - low) * (at - Math.floor(at));
}

async function reportOf(trialId: string): Promise<TrialReport> {
  return technician.get<TrialReport>(`/api/v1/trials/${trialId}`);
}

test('the figures are those that anybody computes from the API, and what was marked test is in none of them', async () => {
  const began = Date.now() - 60_000;
  const trial = await technician.post('/api/v1/trials', {
    name: '第一批试运营',
    wave: '第一批',
    from: new Date(began).toISOString(),
    to: new Date(Date.now() + 86_400_000).toISOString(),
  });
  assert.equal(trial.status, 201, trial.text);
  const { id: trialId } = trial.body as { readonly id: string };
  report = await reportOf(trialId);
  assert.deepEqual(
    report.kpis.map(({ id, value, missing }) => [id, value, missing]),
    [
      ['transmissionTime', undefined, 'tooFew'],
      ['timeToAcknowledge', undefined, 'tooFew'],
      ['falseAlarmShare', undefined, 'noCauses'],
      ['offlineShare', undefined, 'tooFew'],
      ['testedShare', undefined, 'noTest'],
    ],
  );

  for (let n = 0; n < COUNT; n++) {
    const device = await contract.device(`T-${n}`, { venueId: VENUE, model: 'generic-smoke' });
    // Sent so much later than it happened, by its own clock.
    const at = Date.now() - n * 250;
    await device.event({ epoch: 'e', seq: 1, at, kind: 'smoke', point: 'smoke', active: true, level: 'alarm' });
  }
  const alarms = await eventually('all alarms', async () => {
    const { items } = await contract.api.get<Page<AlarmRow>>(
      `/api/v1/alarms?venueId=${VENUE}&category=fire&limit=1000`,
    );
    return items.length === COUNT ? items : undefined;
  });
  for (const { id } of alarms) assert.equal((await contract.act(id, 'acknowledge')).status, 200);
  // A test: its event and its alarm belong to no figure but the last.
  const tests = `/api/v1/venues/${VENUE}/commissioning-tests`;
  const { id: testId } = (await technician.post(tests, { minutes: 30, reason: 'r' })).body as { readonly id: string };
  const tested = await contract.device('T-test', { venueId: VENUE, model: 'generic-smoke' });
  await technician.post(`${tests}/${testId}/end`);
  const { id: second } = (await technician.post(tests, { minutes: 30, reason: 'r' })).body as { readonly id: string };
  const at = Date.now() - 3_600_000;
  await tested.event({ epoch: 'e', seq: 1, at, kind: 'smoke', point: 'smoke', active: true, level: 'alarm' });
  await tested.event({ epoch: 'e', seq: 2, at, kind: 'smoke', point: 'smoke', active: false, level: 'alarm' });
  const marked = await contract.raised('T-test', 'smoke');
  assert.equal(marked.origin, 'test');
  assert.equal((await contract.act(marked.id, 'acknowledge')).status, 200);
  await technician.post(`${tests}/${second}/end`);

  report = await reportOf(trialId);
  assert.equal(report.venueCount, 1);
  const acknowledged = await Promise.all(alarms.map(({ id }) => contract.api.alarm(id)));
  const waits = acknowledged.map(
    ({ receivedAt, acknowledgedAt = '' }) => (Date.parse(acknowledgedAt) - Date.parse(receivedAt)) / 1_000,
  );
  const wait = kpi('timeToAcknowledge');
  assert.equal(wait.n, COUNT);
  assert.ok(Math.abs((wait.value ?? 0) - percentile(waits, 0.5)) < 1e-6, `${wait.value} ${percentile(waits, 0.5)}`);
  assert.ok(Math.abs((wait.p95 ?? 0) - percentile(waits, 0.95)) < 1e-6);

  const delays = acknowledged.map(({ raisedAt, receivedAt }) => Date.parse(receivedAt) - Date.parse(raisedAt));
  const transmission = kpi('transmissionTime');
  assert.equal(transmission.n, COUNT, 'without the event of the test');
  assert.ok(Math.abs((transmission.value ?? 0) - percentile(delays, 0.5)) < 1e-6);
  assert.ok(Math.abs((transmission.p95 ?? 0) - percentile(delays, 0.95)) < 1e-6);
  const share = kpi('testedShare');
  assert.deepEqual([share.n, share.value], [COUNT + 1, 1 / (COUNT + 1)]);
  assert.equal(kpi('falseAlarmShare').value, undefined, 'nothing was judged: no figure is made up');

  // Four of cooking, two of dust; the first was taken for real at first.
  const found = alarms.map(({ id }, n) => ({ id, cause: n < 4 ? 'cooking' : n < 6 ? 'dust' : undefined }));
  assert.equal((await contract.act(found[0]?.id ?? '', 'verdicts', { verdict: 'real' })).status, 200);
  for (const { id, cause } of found) {
    const body = cause === undefined ? { verdict: 'real' } : { verdict: 'false', cause };
    assert.equal((await contract.act(id, 'verdicts', body)).status, 200);
  }
  report = await reportOf(trialId);
  const judged = kpi('falseAlarmShare');
  assert.deepEqual([judged.n, judged.of, judged.value], [COUNT, COUNT, 6 / COUNT]);
  assert.deepEqual(judged.causes, [
    { cause: 'cooking', n: 4 },
    { cause: 'dust', n: 2 },
  ]);
});

test('a trial of a wave is for those who see all venues, and shows others what lies in their scope', async () => {
  const bound = new ApiClient(contract.process.webUrl, await contract.provision.token('technician', ['V-OTHER']));
  const period = { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' };
  assert.equal((await bound.post('/api/v1/trials', { name: 'n', wave: '第一批', ...period })).status, 403);
  assert.equal((await bound.post('/api/v1/trials', { name: 'n', venueId: VENUE, ...period })).status, 404);
  assert.deepEqual((await bound.get<Page<unknown>>('/api/v1/trials')).items, []);
  const turned = { name: 'n', venueId: VENUE, from: period.to, to: period.from };
  assert.equal((await technician.post('/api/v1/trials', turned)).status, 422);
});
