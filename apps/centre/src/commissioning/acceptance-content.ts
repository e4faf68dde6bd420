import { hash } from 'node:crypto';
import { canonicalJson, type VenueClass } from '@fengsui/protocol';
import type { Registry } from '../registry/registry.ts';
import type { KeptTest, PointResult } from './kept-test.ts';

/** What stands on the paper: names as they were when it was written, so that the paper is the same for ever. */
export type AcceptanceContent = {
  readonly schema: 1;
  readonly venue: {
    readonly id: string;
    readonly name: string;
    readonly nameEn?: string;
    readonly class: VenueClass;
    readonly address?: string;
    readonly addressEn?: string;
    readonly organisation: string;
    readonly wave?: string;
  };
  readonly test: {
    readonly id: string;
    readonly reason: string;
    readonly startedAt: number;
    readonly startedBy: string;
    readonly endedAt: number;
    readonly endedBy?: string;
  };
  readonly points: readonly {
    readonly deviceId: string;
    readonly model: string;
    readonly name?: string;
    readonly nameEn?: string;
    readonly area?: string;
    readonly point: string;
    readonly expects: readonly string[];
    readonly result?: PointResult;
  }[];
  readonly counts: PointCounts;
};

export type PointCounts = {
  readonly points: number;
  readonly passed: number;
  readonly byHand: number;
  readonly failed: number;
  readonly open: number;
};

export function countPoints(points: readonly { readonly result?: PointResult }[]): PointCounts {
  const count = (is: (result: PointResult | undefined) => boolean): number =>
    points.filter(({ result }) => is(result)).length;
  return {
    points: points.length,
    passed: count((result) => result?.outcome === 'passed'),
    byHand: count((result) => result?.outcome === 'passed' && result.how === 'hand'),
    failed: count((result) => result?.outcome === 'failed'),
    open: count((result) => result === undefined),
  };
}

/** Every point was triggered and arrived, or a person answers for it by name. */
export const isPassed = ({ points, passed }: PointCounts): boolean => points > 0 && points === passed;

/** Of a test that is over. */
export function acceptanceContent(registry: Registry, test: KeptTest, endedAt: number): AcceptanceContent {
  const venue = registry.venue(test.place.venueId);
  return {
    schema: 1,
    venue: {
      id: test.place.venueId,
      name: venue?.name ?? test.place.venueId,
      ...(venue?.nameEn !== undefined && { nameEn: venue.nameEn }),
      class: venue?.class ?? 'office',
      ...(venue?.address !== undefined && { address: venue.address }),
      ...(venue?.addressEn !== undefined && { addressEn: venue.addressEn }),
      organisation: registry.organisation(venue?.organisationId ?? '')?.name ?? venue?.organisationId ?? '',
      ...(venue?.wave !== undefined && { wave: venue.wave }),
    },
    test: {
      id: test.id,
      reason: test.reason,
      startedAt: test.startedAt,
      startedBy: test.startedBy,
      endedAt,
      ...(test.endedBy !== undefined && { endedBy: test.endedBy }),
    },
    points: test.points.map(({ deviceId, point, expects, result }) => {
      const device = registry.device(deviceId);
      const area = registry.area(device?.areaId ?? '')?.name ?? device?.area;
      return {
        deviceId,
        model: device?.model ?? '',
        ...(device?.name !== undefined && { name: device.name }),
        ...(device?.nameEn !== undefined && { nameEn: device.nameEn }),
        ...(area !== undefined && { area }),
        point,
        expects,
        ...(result !== undefined && { result }),
      };
    }),
    counts: countPoints(test.points),
  };
}

/** Of the canonical JSON (RFC 8785): anybody can compute it again from the stored content. */
export const contentSha256 = (content: object): string => hash('sha256', canonicalJson(content), 'hex');
