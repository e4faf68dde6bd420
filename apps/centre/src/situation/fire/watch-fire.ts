import { classify, type concludedKinds } from '@fengsui/alarm';
import { electricalKinds, type Modality, type PlaceAssessment } from '@fengsui/fusion';
import type { AreaKind, TelemetryRow } from '@fengsui/protocol';
import { isInPlace } from '../../registry/device-life.ts';
import type { Registry } from '../../registry/registry.ts';
import type { DeviceRecord } from '../../registry/registry-change.ts';
import type { Effects } from '../effects.ts';
import type { Place } from '../kept.ts';
import type { ReportContext } from '../report-context.ts';
import type { ReportShape } from '../report-shape.ts';
import type { Situation } from '../situation.ts';
import type { FirePlace, ToldFire, WatchedPlace } from './fire-watch.ts';
import { modalityOfPoint } from './modality-of-point.ts';

/** A floor or a building is no room: what two detectors at its ends say together means nothing. */
const CLOSED_KINDS: ReadonlySet<AreaKind> = new Set(['room', 'board']);
const SOURCE = 'fusion';
const KIND: (typeof concludedKinds)[number] = 'fireIndication';

type WatchedColumn = { readonly index: number; readonly pointId: string; readonly modality: Modality };
/** A terminal has eighty points and none of these: it must not cost it a look at each. */
const columnsOfShape = new WeakMap<ReportShape, readonly WatchedColumn[]>();

function columnsOf(shape: ReportShape): readonly WatchedColumn[] {
  let columns = columnsOfShape.get(shape);
  if (columns === undefined) {
    columns = shape.points.flatMap((pointId, index) => {
      const modality = modalityOfPoint.get(pointId);
      return modality === undefined || (shape.columns[index] as number) < 0 ? [] : [{ index, pointId, modality }];
    });
    columnsOfShape.set(shape, columns);
  }
  return columns;
}

/** A live row of a detector: is there a fire where it stands? To be told before the row becomes the last values. */
export function watchFire(context: ReportContext, shape: ReportShape, row: TelemetryRow, at: number): void {
  const columns = columnsOf(shape);
  if (columns.length === 0) return;
  const { situation, device, place } = context;
  const where = firePlaceOf(situation.registry, device, place);
  let [counts, watched] = [false, undefined as WatchedPlace | undefined];
  for (const { index, pointId, modality } of columns) {
    const value = row.values[index] as number;
    if (Number.isNaN(value)) continue;
    const sensor = `${device.id}/${pointId}`;
    const found = situation.fires.placeOf(sensor, modality, where);
    watched = found.watched;
    const last = found.isNew ? situation.values.get(device.id, pointId) : undefined;
    // After a start: what it showed before is what is usual.
    if (last !== undefined) watched.evidence.read(sensor, last.at, last.value);
    if (watched.evidence.read(sensor, at, value)) counts = true;
    situation.sensorFaults.note(device.id, pointId, watched.evidence.faultOf(sensor), at);
  }
  if (watched !== undefined && (counts || watched.told !== undefined)) judge(context, watched, at);
}

function firePlaceOf(registry: Registry, { id, areaId }: DeviceRecord, { venueId, origin }: Place): FirePlace {
  const area = areaId === undefined ? undefined : registry.area(areaId);
  if (area === undefined || !CLOSED_KINDS.has(area.kind))
    return { id: `${origin}//${id}`, venueId, areaIds: areaId === undefined ? [] : [areaId] };
  const areaIds: string[] = [];
  for (let next = area; !areaIds.includes(next.id);) {
    areaIds.push(next.id);
    next = (next.parentId === undefined ? undefined : registry.area(next.parentId)) ?? next;
  }
  return { id: `${origin}/${area.id}`, venueId, areaId: area.id, areaIds };
}

function judge(context: ReportContext, watched: WatchedPlace, at: number): void {
  const { situation, effects, place } = context;
  const found = watched.evidence.assess(at, situation.fires.neighboursOf(watched));
  const level = found.stage === 'alarm' ? 'alarm' : isSuspected(found) ? 'warning' : undefined;
  const { told } = watched;
  if (level !== undefined && (told === undefined || (level === 'alarm' && told.level === 'warning'))) {
    watched.told = tell(context, found, level, told, at);
  } else if (told !== undefined && isOver(situation.registry, watched, told, found)) {
    watched.told = undefined;
    end(situation, effects, place, told, at);
  } else if (told !== undefined) {
    // The end waits for all it rests on.
    const sensors = withAll(told.sensors, found);
    if (sensors.length === told.sensors.length) return;
    watched.told = { ...told, sensors };
  }
  const { where, evidence } = watched;
  const kept = { place, where, evidence: evidence.state, ...(watched.told !== undefined && { told: watched.told }) };
  if (watched.told !== told) effects.firePlaces.set(where.id, kept);
}

/** More likely than not, by what one kind of sensor and the wiring say together: neither would be told by itself. */
function isSuspected({ stage, logOdds, contributions }: PlaceAssessment): boolean {
  return stage === 'warning' && logOdds >= 0 && contributions.some(({ modality }) => isElectrical(modality));
}

const isElectrical = (modality: string): boolean => electricalKinds.some((kind) => kind === modality);

/** Calm by the readings of every sensor it rested on. One that fell silent may have burned; one taken away has not. */
function isOver(registry: Registry, { evidence }: WatchedPlace, { sensors }: ToldFire, found: PlaceAssessment) {
  if (found.stage === 'alarm' || found.stage === 'warning') return false;
  const standing = sensors.filter((sensor) => {
    const device = registry.device(sensor.slice(0, sensor.indexOf('/')));
    return device !== undefined && isInPlace(device);
  });
  return evidence.isCalm(standing);
}

const sensorsOf = ({ contributions }: PlaceAssessment): string[] =>
  contributions.flatMap(({ from, modality }) => (modality === 'neighbour' || isElectrical(modality) ? [] : [from]));

const withAll = (sensors: readonly string[], found: PlaceAssessment): readonly string[] => [
  ...new Set([...sensors, ...sensorsOf(found)]),
];

/** The sensor that moved first bears it, and goes on to when it becomes worse. */
function tell(
  context: ReportContext,
  found: PlaceAssessment,
  level: ToldFire['level'],
  told: ToldFire | undefined,
  at: number,
): ToldFire {
  const { situation, effects, place, report, entryId } = context;
  const { deviceId, pointId } = told ?? bearerOf(found, context);
  const event = {
    kind: 'sourceActive',
    source: SOURCE,
    level,
    pointId,
    at,
    receivedAt: report.meta.receivedAt,
    entryId,
    origin: place.origin,
    classification: classify(KIND, level).classification,
    confidence: 1 / (1 + Math.exp(-found.logOdds)),
    contributions: found.contributions.map(({ from, modality, llr, since }) => ({
      from,
      modality,
      likelihoodRatio: Math.exp(llr),
      ...(since !== undefined && { since }),
    })),
    ...(situation.isIdentitySuspect(deviceId) && ({ identitySuspect: true } as const)),
  } as const;
  situation.tell(place, deviceId, pointId, KIND, event, effects);
  return { level, deviceId, pointId, sensors: withAll(told?.sensors ?? [], found) };
}

function bearerOf(found: PlaceAssessment, { device }: ReportContext): Pick<ToldFire, 'deviceId' | 'pointId'> {
  const sensor = found.firstOut ?? sensorsOf(found)[0] ?? `${device.id}/`;
  const slash = sensor.indexOf('/');
  return { deviceId: sensor.slice(0, slash), pointId: sensor.slice(slash + 1) };
}

function end(situation: Situation, effects: Effects, place: Place, { deviceId, pointId }: ToldFire, at: number): void {
  situation.tell(place, deviceId, pointId, KIND, { kind: 'sourceInactive', source: SOURCE, at, live: true }, effects);
}
