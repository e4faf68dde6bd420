import {
  venueLifeOf,
  type Acceptance,
  type BoardVenue,
  type CommissioningTest,
  type TestPoint,
  type TrialOperation,
  type Venue,
} from '@fengsui/protocol';
import { isInPlace } from '../registry/device-life.ts';
import type { Situation } from '../situation/situation.ts';
import { acceptanceContent, contentSha256, countPoints } from './acceptance-content.ts';
import type { KeptAcceptance, KeptPoint, KeptTest, KeptTrial, PointResult } from './kept-test.ts';

const iso = (at: number): string => new Date(at).toISOString();

export function testView(test: KeptTest): CommissioningTest {
  const { id, place, reason, startedAt, startedBy, endsAt, warned, endedAt, endedBy, points } = test;
  return {
    id,
    venueId: place.venueId,
    reason,
    startedAt: iso(startedAt),
    startedBy,
    endsAt: iso(endsAt),
    isEndingSoon: warned === true && endedAt === undefined,
    ...(endedAt !== undefined && { endedAt: iso(endedAt) }),
    ...(endedBy !== undefined && { endedBy }),
    points: points.map(pointView),
    counts: countPoints(points),
  };
}

const pointView = ({ deviceId, point, expects, result }: KeptPoint): TestPoint => ({
  deviceId,
  point,
  expects: [...expects],
  ...(result !== undefined && { result: resultView(result) }),
});

function resultView(result: PointResult): NonNullable<TestPoint['result']> {
  const { at, triggeredAt, receivedAt, shownAt, ...rest } = result;
  return {
    ...rest,
    at: iso(at),
    ...(triggeredAt !== undefined && { triggeredAt: iso(triggeredAt) }),
    ...(receivedAt !== undefined && { receivedAt: iso(receivedAt) }),
    ...(shownAt !== undefined && { shownAt: iso(shownAt) }),
    ...(shownAt !== undefined && receivedAt !== undefined && { timeToScreenMs: shownAt - receivedAt }),
  };
}

export function acceptanceView(situation: Situation, acceptance: KeptAcceptance): Acceptance {
  const { place, madeAt, signatures, ...rest } = acceptance;
  return {
    ...rest,
    venueId: place.venueId,
    madeAt: iso(madeAt),
    signatures: signatures.map((signature) => ({ ...signature, at: iso(signature.at) })),
    isCurrent: isCurrent(situation, acceptance),
  };
}

/** The newest version of the newest test, and what it says is still so. */
function isCurrent(
  { commissioning, registry }: Situation,
  { testId, version, sha256, place }: KeptAcceptance,
): boolean {
  const test = commissioning.tests.get(place.venueId);
  if (test?.id !== testId || test.endedAt === undefined) return false;
  if (commissioning.acceptances.get(testId)?.version !== version) return false;
  return contentSha256(acceptanceContent(registry, test, test.endedAt)) === sha256;
}

export function boardVenueView({ registry, commissioning }: Situation, venue: Venue): BoardVenue {
  const test = commissioning.tests.get(venue.id);
  const devices = registry.devices({ venues: [venue.id] });
  const { points = 0, passed = 0, failed = 0 } = test === undefined ? {} : countPoints(test.points);
  return {
    id: venue.id,
    name: venue.name,
    ...(venue.nameEn !== undefined && { nameEn: venue.nameEn }),
    ...(venue.wave !== undefined && { wave: venue.wave }),
    life: venueLifeOf(venue),
    deviceCount: devices.filter(isInPlace).length,
    ...(test !== undefined && {
      test: {
        id: test.id,
        isRunning: test.endedAt === undefined,
        endsAt: iso(test.endsAt),
        isEndingSoon: test.warned === true && test.endedAt === undefined,
        points,
        passed,
        failed,
      },
    }),
    signatureCount: commissioning.acceptances.get(test?.id ?? '')?.signatures.length ?? 0,
  };
}

export const trialView = ({ id, name, venueId, wave, from, to, by }: KeptTrial): TrialOperation => ({
  id,
  name,
  ...(venueId !== undefined && { venueId }),
  ...(wave !== undefined && { wave }),
  from: iso(from),
  to: iso(to),
  by,
});
