import type { ReportContext } from '../report-context.ts';

export type GbEvent = {
  readonly kind: string;
  readonly point: string;
  /** Absent for a moment. */
  readonly isActive?: boolean;
  readonly level?: 'attention' | 'warning' | 'alarm';
  readonly at: number;
  readonly deviceAt?: number;
  readonly evidence?: Readonly<Record<string, unknown>>;
};

/** A row among the device's events; `order` stands where other devices have their seq. */
export function pushGbEvent({ effects, device, place, report }: ReportContext, event: GbEvent, order?: number): void {
  const { kind, point, isActive, level = 'attention', at, deviceAt, evidence } = event;
  effects.events.push([
    place.partition,
    place.venueId,
    place.origin,
    device.id,
    'gb26875',
    order ?? null,
    at,
    report.meta.receivedAt,
    deviceAt ?? null,
    kind,
    point,
    isActive ?? null,
    level,
    null,
    null,
    true,
    false,
    report.digest,
    evidence === undefined ? null : JSON.stringify(evidence),
    // No credential, so none in two hands: an address that is used twice is its own alarm.
    false,
  ]);
}
