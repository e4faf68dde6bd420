import { gbOperatorOf } from '../gb26875/gb-place.ts';
import type { ApiClient } from '../api/api-client.ts';
import { carrierOf, readCarrier } from '../report/carrier.ts';
import type { DeviceTruth } from '../truth/truth.ts';

const MOST_POINTS = 10_000;

export type Period = { readonly from: number; readonly to: number };

/** How often the centre has each report of a run, by seq. */
export async function storedReports(
  api: ApiClient,
  device: DeviceTruth,
  run: number,
  period: Period,
): Promise<ReadonlyMap<number, number>> {
  const { deviceId, model, alarms } = device;
  if (model === 'generic-uitd') return storedGbReports(api, device, period);
  const found = new Map<number, number>();
  const count = (seq: number): void => void found.set(seq, (found.get(seq) ?? 0) + 1);
  const carrier = carrierOf(model);
  await readSeries(api, `${deviceId}/${carrier.point}`, period, (value) => {
    const report = readCarrier(carrier, value);
    if (report?.run === run) count(report.seq);
  });
  // Without a word about alarms in the truth an event would show as a false alarm.
  if (alarms.length === 0) return found;
  type Event = { readonly evidence?: { readonly schema?: unknown; readonly run?: unknown; readonly seq?: unknown } };
  for await (const { evidence } of api.list<Event>(`/events?deviceId=${encodeURIComponent(deviceId)}&limit=1000`)) {
    if (evidence?.schema === 'fleet/1' && evidence.run === run && typeof evidence.seq === 'number') count(evidence.seq);
  }
  return found;
}

/** Every single value of a period: where there are more than one answer holds, the period is halved. */
async function readSeries(
  api: ApiClient,
  point: string,
  { from, to }: Period,
  take: (value: number) => void,
): Promise<void> {
  type Series = {
    readonly items: readonly (readonly [number, number, number, number])[];
    readonly downsampled: number;
  };
  const query = `/series?point=${encodeURIComponent(point)}&from=${from}&to=${to}&maxPoints=${MOST_POINTS}`;
  const { items, downsampled } = await api.get<Series>(query);
  if (downsampled === 1) {
    for (const [, , , value] of items) take(value);
    return;
  }
  if (to - from < 2) throw new Error(`point ${point}: more than ${MOST_POINTS} values in one millisecond`);
  const middle = Math.floor((from + to) / 2);
  await readSeries(api, point, { from, to: middle }, take);
  await readSeries(api, point, { from: middle, to }, take);
}

/** Self-tests of a transmission device, by their second and the operator's number. */
async function storedGbReports(
  api: ApiClient,
  { deviceId, instants }: DeviceTruth,
  { from, to }: Period,
): Promise<ReadonlyMap<number, number>> {
  const nameOf = (at: number, operator: number): string => `${Math.floor(at / 1000)} ${operator}`;
  const known = new Map([...instants].map(([seq, at]) => [nameOf(at, gbOperatorOf(seq)), seq]));
  const found = new Map<number, number>();
  let strangers = 0;
  type Event = { readonly at: string; readonly evidence?: { readonly operator?: number } };
  for await (const { at, evidence } of api.list<Event>(
    `/events?deviceId=${encodeURIComponent(deviceId)}&kind=selfTest&limit=1000`,
  )) {
    const instant = Date.parse(at);
    if (instant < from || instant >= to) continue;
    // No report has a number below 0: the truth knows nothing of it.
    const seq = known.get(nameOf(instant, evidence?.operator ?? -1)) ?? --strangers;
    found.set(seq, (found.get(seq) ?? 0) + 1);
  }
  return found;
}
