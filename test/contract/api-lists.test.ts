import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { AlarmRow, Answer, Page, Series } from './client/api-client.ts';
import { assertProblem } from './client/assert-problem.ts';
import { sendTestCapture } from './client/capture-chunks.ts';
import { ContractCentre } from './client/contract-centre.ts';
import { eventually } from './client/eventually.ts';

const HOUR_MS = 3_600_000;

let contract: ContractCentre;

before(async () => {
  contract = await ContractCentre.start();
});
after(() => contract.dispose());

async function everyPage<Item>(
  path: string,
  limit: number,
): Promise<{ readonly items: Item[]; readonly pages: number }> {
  const items: Item[] = [];
  let cursor: string | undefined;
  for (let pages = 1; pages < 100; pages++) {
    const joint = path.includes('?') ? '&' : '?';
    const page: Page<Item> = await contract.api.get(
      `${path}${joint}limit=${limit}${cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    assert.ok(page.items.length <= limit);
    items.push(...page.items);
    cursor = page.nextCursor;
    if (cursor === undefined) return { items, pages };
  }
  throw new Error(`${path} has no end`);
}

test('pages hold every item once, also when many bear the same instant', async () => {
  const pager = await contract.device('pager');
  const at = Date.now();
  await Promise.all(
    Array.from({ length: 23 }, (_, index) =>
      pager.event({ epoch: 'p', seq: index, at, kind: `kind${index}`, point: 'c1', active: true, level: 'attention' }),
    ),
  );
  await eventually('23 alarms', async () => (await contract.api.alarmsOf('pager')).length === 23);
  for (const limit of [1, 5, 23, 100]) {
    const { items, pages } = await everyPage<AlarmRow>('/api/v1/alarms?deviceId=pager', limit);
    assert.deepEqual(
      items.map(({ kind }) => kind).sort(),
      Array.from({ length: 23 }, (_, index) => `kind${index}`).sort(),
    );
    assert.equal(pages, Math.max(1, Math.ceil(23 / limit)), `pages of ${limit}`);
  }
  for (let index = 0; index < 7; index++) await contract.register(`paged-${index}`, { venueId: `VP${index}` });
  const devices = (await everyPage<{ id: string }>('/api/v1/devices', 3)).items.map(({ id }) => id);
  assert.equal(new Set(devices).size, devices.length);
  for (let index = 0; index < 7; index++) assert.ok(devices.includes(`paged-${index}`));
  const venues = (await everyPage<{ id: string }>('/api/v1/venues', 2)).items.map(({ id }) => id);
  assert.equal(new Set(venues).size, venues.length);
  assert.ok(venues.includes('VP6') && venues.includes('V1'));
  await Promise.all(Array.from({ length: 9 }, (_, index) => sendTestCapture(pager, `cap-${index}`, 100 + index)));
  await eventually(
    'nine captures',
    async () => (await everyPage('/api/v1/captures?deviceId=pager', 100)).items.length === 9,
  );
  const captures = (await everyPage<{ captureId: string }>('/api/v1/captures?deviceId=pager', 2)).items.map(
    ({ captureId }) => captureId,
  );
  assert.deepEqual(
    captures.sort(),
    Array.from({ length: 9 }, (_, index) => `cap-${index}`),
  );
});

const seriesOf = (query: string): Promise<Answer> => contract.api.call('GET', `/api/v1/series?${query}`);

test('a series is asked for by instants of both kinds, and wrong questions are refused', async () => {
  const device = await contract.device('api-1');
  const now = Date.now();
  await device.telemetry({ epoch: 'a', seq: 1, at: now, values: { 't1.temperatureC': 31.5 } });
  await device.telemetry({ epoch: 'a', seq: 0, at: now - 60_000, values: { 't1.temperatureC': 99 } });
  await contract.settle(device);
  const point = 'point=api-1/t1.temperatureC';
  const [from, to] = [Date.now() - HOUR_MS, Date.now() + 1_000];
  const byNumber = (await seriesOf(`${point}&from=${from}&to=${to}`)).body as Series;
  const byText = (
    await seriesOf(
      `${point}&from=${new Date(from).toISOString()}&to=${encodeURIComponent(new Date(to).toISOString().replace('Z', '+00:00'))}`,
    )
  ).body;
  assert.deepEqual(byText, byNumber);
  assert.deepEqual(
    byNumber.items.map(([, ...values]) => values),
    [
      [99, 99, 99],
      [31.5, 31.5, 31.5],
    ],
  );
  assert.equal(byNumber.downsampled, 1);
  const at = byNumber.items[1]?.[0] ?? 0;
  assert.equal(
    ((await seriesOf(`${point}&from=${at}&to=${at + 1}`)).body as Series).items.length,
    1,
    'from is inclusive',
  );
  assert.equal(
    ((await seriesOf(`${point}&from=${at - 1}&to=${at}`)).body as Series).items.length,
    0,
    'to is exclusive',
  );
  assert.deepEqual((await seriesOf(`point=api-1/c5.currentA&from=${from}&to=${to}`)).body, {
    items: [],
    downsampled: 1,
    resolutionMs: 0,
    source: 'raw',
  });
  for (const query of [
    '',
    'point=api-1',
    'point=/t1',
    `${point}&from=x`,
    `${point}&from=${to}&to=${from}`,
    `${point}&maxPoints=0`,
    `${point}&maxPoints=x`,
    `${point}&from=2026-11-21`,
  ]) {
    assertProblem(await seriesOf(query), 400, query);
  }
  assertProblem(await seriesOf('point=api-1/zz.unknown'), 404, 'unknown point');
  assertProblem(await seriesOf('point=nobody/t1.temperatureC'), 404, 'unknown device');
});

test('one sample in 100,000 stays on the picture, buckets are true envelopes, and a gap has no row', async () => {
  const source = await contract.device('series');
  const periodMs = 100;
  const rowsPerBatch = 2_000;
  const batches = 50;
  const span = batches * rowsPerBatch * periodMs + HOUR_MS;
  const start = Math.floor((Date.now() - span - 60_000) / 1_000) * 1_000;
  const samples: [at: number, value: number][] = [];
  for (let batch = 0; batch < batches; batch++) {
    // An hour in the middle is missing.
    const at0 = start + batch * rowsPerBatch * periodMs + (batch >= batches / 2 ? HOUR_MS : 0);
    const values = Array.from({ length: rowsPerBatch }, (_, row) => {
      const index = batch * rowsPerBatch + row;
      if (index === 54_321) return 64.5;
      if (index === 77_777) return -12.25;
      return Math.round(2_000 + 500 * Math.sin(index / 3_000) + ((index * 7_919) % 13)) / 100;
    });
    values.forEach((value, row) => samples.push([at0 + row * periodMs, value]));
    await source.telemetry({
      epoch: 's',
      seq: batch,
      at0,
      periodMs,
      points: ['t2.temperatureC'],
      rows: values.map((value) => [value]),
    });
  }
  const end = start + span;
  const lastAt = samples.at(-1)?.[0] ?? 0;
  await eventually(
    'all samples',
    async () => (await contract.api.series('series', 't2.temperatureC', lastAt, lastAt + 1)).items.length === 1,
    60_000,
  );
  for (const maxPoints of [1, 7, 100, 500, 2_000]) {
    const { items, downsampled } = await contract.api.series('series', 't2.temperatureC', start, end, maxPoints);
    assert.ok(items.length > 0 && items.length <= maxPoints, `${items.length} rows for ${maxPoints}`);
    assert.equal(Math.max(...items.map(([, , max]) => max)), 64.5, `the peak with ${maxPoints}`);
    assert.equal(Math.min(...items.map(([, min]) => min)), -12.25, `the dip with ${maxPoints}`);
    const perRow = samples.length / items.length;
    assert.ok(
      downsampled > perRow / 2 && downsampled < perRow * 2,
      `downsampled ${downsampled}, ${perRow} samples per row`,
    );
    let next = 0;
    items.forEach(([at, min, max, last], index) => {
      const before = items[index + 1]?.[0] ?? end;
      const inside: number[] = [];
      while ((samples[next]?.[0] ?? Infinity) < before) inside.push(samples[next++]?.[1] ?? NaN);
      assert.ok(at >= start && inside.length > 0, `row at ${at} of ${maxPoints}`);
      assert.deepEqual(
        [min, max, last],
        [Math.min(...inside), Math.max(...inside), inside.at(-1)],
        `row ${index} of ${maxPoints}`,
      );
    });
    assert.equal(next, samples.length);
    if (maxPoints >= 100) {
      const widthMs = Math.ceil((end - start) / maxPoints);
      const gap = [start + (samples.length / 2) * periodMs, start + (samples.length / 2) * periodMs + HOUR_MS] as const;
      const within = items.filter(([at]) => at > gap[0] && at + widthMs < gap[1]);
      assert.deepEqual(within, []);
    }
  }
  const raw = await contract.api.series('series', 't2.temperatureC', start, start + 5_000 * periodMs, 5_000);
  assert.equal(raw.downsampled, 1);
  assert.deepEqual(
    raw.items,
    samples.slice(0, 5_000).map(([at, value]) => [at, value, value, value]),
  );
});
