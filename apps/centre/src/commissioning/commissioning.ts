import type { ConditionKey, SourceActive } from '@fengsui/alarm';
import type { KeptAcceptance, KeptPoint, KeptTest, KeptTrial } from './kept-test.ts';

/** What a statement is to a test that runs: a point that waits for it, or the echo of one that was just ticked. */
export type Expected = { readonly test: KeptTest; readonly point: KeptPoint; readonly isEcho: boolean };

/** A detector goes on saying what ticked its point until the smoke is gone; what it says later is no longer the test. */
export const ECHO_MS = 10 * 60_000;

/** What the situation knows of tests: the newest test of each venue with its newest acceptance, and trials. */
export class Commissioning {
  /** By venue. */
  readonly tests = new Map<string, KeptTest>();
  /** By test: the newest version. */
  readonly acceptances = new Map<string, KeptAcceptance>();
  readonly trials = new Map<string, KeptTrial>();

  running(venueId: string): KeptTest | undefined {
    const test = this.tests.get(venueId);
    return test?.endedAt === undefined ? test : undefined;
  }

  /**
   * The point of a running test that a statement is about: an open one, or one that was ticked a moment ago by the same
   * condition, which says so again. Everything else in the venue is as real as ever.
   *
   * @param isTestAlarm the condition has an alarm that is marked as a test, and is active.
   */
  expected(
    venueId: string,
    key: ConditionKey,
    said: { readonly receivedAt: number; readonly late?: true },
    isTestAlarm: boolean,
  ): Expected | undefined {
    const test = this.running(venueId);
    if (test === undefined || said.late === true) return undefined;
    if (said.receivedAt < test.startedAt || said.receivedAt >= test.endsAt) return undefined;
    const own = test.points.filter(({ deviceId }) => deviceId === key.deviceId);
    const point = own.find((candidate) => isAbout(candidate, key, own.length));
    if (point === undefined) return undefined;
    if (point.result === undefined) return { test, point, isEcho: false };
    const { how, kind, receivedAt = -Infinity } = point.result;
    const isEcho = how === 'event' && kind === key.kind && isTestAlarm && said.receivedAt - receivedAt < ECHO_MS;
    return isEcho ? { test, point, isEcho } : undefined;
  }
}

/** The test with the point ticked by the statement it waited for. */
export function tickedBy(
  { test, point }: Expected,
  kind: string,
  said: SourceActive,
  alarmId: string | undefined,
): KeptTest {
  return withResult(test, point, {
    outcome: 'passed',
    how: 'event',
    at: said.receivedAt,
    kind,
    level: said.level,
    ...(alarmId !== undefined && { alarmId }),
    triggeredAt: said.at,
    receivedAt: said.receivedAt,
  });
}

function isAbout({ point, expects }: KeptPoint, { prefix, kind }: ConditionKey, pointCount: number): boolean {
  if (!expects.includes(kind)) return false;
  // A device with a single point may speak of itself as a whole.
  return point === '' || point === prefix || (prefix === '' && pointCount === 1);
}

/** The test with the result of one point; another result, or with undefined none. */
export function withResult(
  test: KeptTest,
  at: Pick<KeptPoint, 'deviceId' | 'point'>,
  result: KeptPoint['result'],
): KeptTest {
  return {
    ...test,
    points: test.points.map((point) => {
      if (point.deviceId !== at.deviceId || point.point !== at.point) return point;
      const { result: _before, ...rest } = point;
      return result === undefined ? rest : { ...rest, result };
    }),
  };
}
