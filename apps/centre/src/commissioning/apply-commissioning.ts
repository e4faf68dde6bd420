import { hash } from 'node:crypto';
import { venueLifeOf, type VenueLifeState } from '@fengsui/protocol';
import type { Effects } from '../situation/effects.ts';
import type { Place } from '../situation/kept.ts';
import type { ActOutcome } from '../situation/operator-act.ts';
import type { Situation } from '../situation/situation.ts';
import { acceptanceContent, contentSha256, isPassed } from './acceptance-content.ts';
import { withResult } from './commissioning.ts';
import type { CommissioningAct, CommissioningActMeta } from './commissioning-act.ts';
import { expectedPoints, MAX_POINTS } from './expected-points.ts';
import type { KeptAcceptance, KeptTest } from './kept-test.ts';
import { deviceTested, endTest, keepTest, setTestTimers } from './run-test.ts';
import { venueLifeProblem, withVenueLife } from './venue-life.ts';

/** A test that lasts for days is a venue that nobody watches. */
export const LONGEST_TEST_MIN = 8 * 60;

type Refused = Extract<ActOutcome, { readonly kind: 'refused' }>;
type Given<Kind extends CommissioningAct['kind']> = Extract<CommissioningAct, { readonly kind: Kind }>;
type Ground = {
  readonly situation: Situation;
  readonly effects: Effects;
  readonly place: Place;
  readonly by: string;
  readonly at: number;
};

/** Short enough to be read out and to stand on paper; 48 bits. */
export const shortIdOf = (actId: string): string => hash('sha256', actId, 'hex').slice(0, 12);

const refuse = (code: string, detail: string): Refused => ({ kind: 'refused', code, detail });

/** Applies what a person did, and notes the outcome under the act's id. */
export function applyCommissioning(
  situation: Situation,
  effects: Effects,
  meta: CommissioningActMeta,
  partition: number,
): void {
  const origin = situation.registry.venue(meta.venueId)?.origin ?? 'live';
  const place: Place = { partition, venueId: meta.venueId, origin };
  const ground = { situation, effects, place, by: meta.by, at: meta.at };
  const outcome = actOn(ground, meta) ?? ({ kind: 'commissioned' } as const);
  effects.acts.push({ meta, place, outcome });
}

function actOn(ground: Ground, { act, actId }: CommissioningActMeta): Refused | undefined {
  switch (act.kind) {
    case 'venueLife':
      return moveVenue(ground, act);
    case 'testStart':
      return startTest(ground, shortIdOf(actId), act);
    case 'trialPut':
      return putTrial(ground, shortIdOf(actId), act);
    case 'testExtend':
      return onTest(ground, act.testId, 'running', (test) => extendTest(ground, test, act.minutes));
    case 'testEnd':
      return onTest(ground, act.testId, 'running', (test) => {
        endTest(ground.situation, ground.effects, test, ground.at, ground.by);
        return undefined;
      });
    case 'pointTick':
      return onTest(ground, act.testId, 'any', (test) => tickByHand(ground, test, act));
    case 'pointRearm':
      return onTest(ground, act.testId, 'running', (test) =>
        onPoint(test, act, () => keepTest(ground.situation, ground.effects, withResult(test, act, undefined))),
      );
    case 'acceptanceMake':
      return onTest(ground, act.testId, 'over', (test) => makeAcceptance(ground, test));
    case 'acceptanceSign':
      return onTest(ground, act.testId, 'over', (test) => sign(ground, test, act));
  }
}

function onTest(
  { situation, place }: Ground,
  testId: string,
  wanted: 'running' | 'over' | 'any',
  work: (test: KeptTest) => Refused | undefined,
): Refused | undefined {
  const test = situation.commissioning.tests.get(place.venueId);
  if (test?.id !== testId)
    return refuse('otherTest', `test ${testId} is not the newest of venue ${place.venueId}: look again`);
  if (wanted === 'running' && test.endedAt !== undefined) return refuse('testEnded', `test ${testId} has ended`);
  if (wanted === 'over' && test.endedAt === undefined)
    return refuse('testRunning', `test ${testId} is still running: end it first`);
  return work(test);
}

function onPoint(
  test: KeptTest,
  at: { readonly deviceId: string; readonly point: string },
  work: () => void,
): Refused | undefined {
  if (!test.points.some(({ deviceId, point }) => deviceId === at.deviceId && point === at.point))
    return refuse('unknownPoint', `test ${test.id} has no point ${JSON.stringify(at.point)} of device ${at.deviceId}`);
  work();
  return undefined;
}

function moveVenue(ground: Ground, { to, reason }: Given<'venueLife'>): Refused | undefined {
  const { situation, place } = ground;
  const venue = situation.registry.venue(place.venueId);
  if (venue === undefined) return refuse('unknownVenue', `venue ${place.venueId} does not exist`);
  const problem = venueLifeProblem(venueLifeOf(venue), to);
  if (problem !== undefined) return refuse('venueLifeTransition', `venue ${venue.id}: ${problem}`);
  if (to === 'tested')
    return refuse('acceptanceMissing', `venue ${venue.id} becomes tested by an acceptance that two people have signed`);
  if (situation.commissioning.running(venue.id) !== undefined)
    return refuse('testRunning', `venue ${venue.id} is on test: end the test first`);
  putLife(ground, to, reason);
  return undefined;
}

function putLife({ situation, effects, place, by, at }: Ground, to: VenueLifeState, reason: string): void {
  const venue = situation.registry.venue(place.venueId);
  if (venue === undefined) return;
  const from = venueLifeOf(venue);
  situation.registry.apply({ kind: 'venuePut', venue: withVenueLife(venue, to) });
  effects.registryChanges.push({ kind: 'venuePut', venue: withVenueLife(venue, to) });
  effects.venueLife.push({ venueId: venue.id, place, at, by, from, to, reason });
}

function startTest(ground: Ground, id: string, { minutes, reason }: Given<'testStart'>): Refused | undefined {
  const { situation, effects, place, by, at } = ground;
  const venue = situation.registry.venue(place.venueId);
  if (venue === undefined) return refuse('unknownVenue', `venue ${place.venueId} does not exist`);
  if (venueLifeOf(venue) === 'planned')
    return refuse('venueLifeTransition', `venue ${venue.id} is planned: nothing to test stands there yet`);
  if (situation.commissioning.running(venue.id) !== undefined)
    return refuse('testRunning', `venue ${venue.id} is on test already`);
  if (minutes > LONGEST_TEST_MIN)
    return refuse('testTooLong', `${minutes} minutes: expected at most ${LONGEST_TEST_MIN}; it can be extended`);
  const points = expectedPoints(situation, venue.id);
  if (points.length === 0)
    return refuse('nothingToTest', `no device in place at venue ${venue.id}: register them, state installed or active`);
  if (points.length > MAX_POINTS)
    return refuse('tooManyPoints', `${points.length} points at venue ${venue.id}: expected at most ${MAX_POINTS}`);
  const test = { id, place, reason, startedAt: at, startedBy: by, endsAt: at + minutes * 60_000, points };
  keepTest(situation, effects, test);
  setTestTimers(effects, test);
  return undefined;
}

function extendTest({ situation, effects, at }: Ground, test: KeptTest, minutes: number): Refused | undefined {
  const endsAt = at + minutes * 60_000;
  if (endsAt - test.startedAt > LONGEST_TEST_MIN * 60_000)
    return refuse('testTooLong', `the test would last more than ${LONGEST_TEST_MIN} minutes: end it and begin another`);
  const { warned: _given, ...rest } = test;
  const longer = { ...rest, endsAt };
  keepTest(situation, effects, longer);
  setTestTimers(effects, longer);
  return undefined;
}

function tickByHand(
  { situation, effects, by, at }: Ground,
  test: KeptTest,
  { deviceId, point, outcome, reason }: Given<'pointTick'>,
): Refused | undefined {
  return onPoint(test, { deviceId, point }, () => {
    const ticked = withResult(test, { deviceId, point }, { outcome, how: 'hand', at, by, reason });
    keepTest(situation, effects, ticked);
    if (test.endedAt !== undefined) deviceTested(situation, effects, ticked, deviceId, at, by);
  });
}

function makeAcceptance({ situation, effects, place, by, at }: Ground, test: KeptTest): Refused | undefined {
  const content = acceptanceContent(situation.registry, test, test.endedAt ?? at);
  const sha256 = contentSha256(content);
  const before = situation.commissioning.acceptances.get(test.id);
  // Nothing has changed: the version there is stands, with its signatures.
  if (before?.sha256 === sha256) return undefined;
  keepAcceptance(situation, effects, {
    testId: test.id,
    place,
    version: (before?.version ?? 0) + 1,
    madeAt: at,
    madeBy: by,
    sha256,
    isPassed: isPassed(content.counts),
    content,
    signatures: [],
  });
  return undefined;
}

function sign(ground: Ground, test: KeptTest, act: Given<'acceptanceSign'>): Refused | undefined {
  const { situation, effects, by, at } = ground;
  const acceptance = situation.commissioning.acceptances.get(test.id);
  if (acceptance === undefined) return refuse('acceptanceMissing', `test ${test.id} has no acceptance yet: make it`);
  const now = contentSha256(acceptanceContent(situation.registry, test, test.endedAt ?? at));
  if (acceptance.version !== act.version || acceptance.sha256 !== act.sha256 || acceptance.sha256 !== now)
    return refuse('contentChanged', 'what is to be signed has changed since: make a new version and read it');
  const { signatures } = acceptance;
  if (signatures.some((signature) => signature.by === by))
    return refuse('signedAlready', `${by} has signed: the second signature is another person's`);
  if (signatures.some(({ capacity }) => capacity === act.capacity))
    return refuse('signedAlready', `somebody has signed as ${act.capacity} already`);
  const signed = [...signatures, { capacity: act.capacity, by, name: act.name, at }];
  keepAcceptance(situation, effects, { ...acceptance, signatures: signed });
  const venue = situation.registry.venue(test.place.venueId);
  const isAccepted = signed.length === 2 && acceptance.isPassed;
  if (isAccepted && venue !== undefined && venueLifeOf(venue) === 'installed')
    putLife(ground, 'tested', `acceptance ${test.id} v${acceptance.version}`);
  return undefined;
}

function putTrial({ situation, effects, place, by }: Ground, id: string, act: Given<'trialPut'>): Refused | undefined {
  const { name, wave, from, to } = act;
  if (from >= to) return refuse('invalidPeriod', 'from is not before to');
  const { venueId } = place;
  const trial = {
    id,
    place,
    name,
    ...(wave === undefined ? { venueId } : { wave }),
    from,
    to,
    by,
  };
  situation.commissioning.trials.set(id, trial);
  effects.trials.set(id, trial);
  return undefined;
}

function keepAcceptance(situation: Situation, effects: Effects, acceptance: KeptAcceptance): void {
  situation.commissioning.acceptances.set(acceptance.testId, acceptance);
  effects.acceptances.set(`${acceptance.testId}/${acceptance.version}`, acceptance);
}
