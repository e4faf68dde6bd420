import type { Device, Point } from '@fengsui/protocol';
import { quantityOfPoint } from '../alarm/alarm-quantity.ts';

/** What the electricity pane can show; one quantity at a time, for amperes and volts share no axis. */
export const electricQuantities = ['currentA', 'residualCurrentMa', 'activePowerW', 'voltageV'] as const;
export type ElectricQuantity = (typeof electricQuantities)[number];

/** The families of every venue page and wall, from top to bottom; those that device models bring come below. */
export const shownFamilies: readonly string[] = ['electricity', 'temperature', 'smoke', 'gas'];

const quantityOfFamily: Readonly<Record<string, string>> = {
  temperature: 'temperatureC',
  smoke: 'obscurationPctPerM',
  gas: 'lelPct',
};

export type Curve = { readonly device: Device; readonly point: Point };

export type DevicePoints = { readonly device: Device; readonly points: readonly Point[] };

/** The families of a place: the four of every place, then what its devices measure beside them. */
export function familiesOf(sources: readonly DevicePoints[]): readonly string[] {
  const measured = new Set(sources.flatMap(({ points }) => points.map(({ family }) => family)));
  return [...shownFamilies, ...[...measured].filter((family) => !shownFamilies.includes(family)).sort()];
}

/** Of a family that a model brings, the first quantity that has a value: two units share no axis. */
function quantityOf(sources: readonly DevicePoints[], family: string): string | undefined {
  const own = sources.flatMap(({ points }) => points.filter((point) => point.family === family));
  const [first] = [...own.filter(({ value }) => value !== undefined), ...own];
  return first === undefined ? undefined : quantityOfPoint(first.id);
}

export type CurveChoice = { readonly curves: readonly Curve[]; readonly hiddenCount: number };

/** More than six lines in one pane cannot be told apart. */
export const maxCurves = 6;

/**
 * The curves of one pane: points of the family's quantity that ever had a value, those of alarming devices first, then
 * by device and point. `hiddenCount` says how many more there are; nothing is left out in silence.
 */
export function chooseCurves(
  sources: readonly DevicePoints[],
  family: string,
  electric: ElectricQuantity,
  alarming: ReadonlySet<string>,
  most = maxCurves,
): CurveChoice {
  const quantity = family === 'electricity' ? electric : (quantityOfFamily[family] ?? quantityOf(sources, family));
  const all = sources.flatMap(({ device, points }) =>
    points
      .filter(({ id, value }) => value !== undefined && quantityOfPoint(id) === quantity)
      .map((point) => ({ device, point })),
  );
  all.sort(
    (a, b) =>
      Number(alarming.has(b.device.id)) - Number(alarming.has(a.device.id)) ||
      a.device.id.localeCompare(b.device.id, 'en', { numeric: true }) ||
      a.point.id.localeCompare(b.point.id, 'en', { numeric: true }),
  );
  return { curves: all.slice(0, most), hiddenCount: Math.max(0, all.length - most) };
}

/** The electric quantity of the URL; current unless another is asked for. */
export function electricQuantityOf(text: unknown): ElectricQuantity {
  return electricQuantities.find((quantity) => quantity === text) ?? 'currentA';
}

/** Instant of the newest value of each device that has one, epoch ms. */
export function newestOfDevices(sources: readonly DevicePoints[]): ReadonlyMap<string, number> {
  const newest = new Map<string, number>();
  for (const { device, points } of sources) {
    const at = Math.max(...points.map((point) => (point.value === undefined ? 0 : (point.at ?? 0))));
    if (at > 0) newest.set(device.id, at);
  }
  return newest;
}
