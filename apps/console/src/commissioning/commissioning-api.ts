import type {
  Acceptance,
  BoardVenue,
  CommissioningTest,
  SignatureCapacity,
  TestOutcome,
  TrialOperation,
  TrialReport,
  VenueLifeChange,
  VenueLifeState,
} from '@fengsui/protocol';
import { queryOptions } from '@tanstack/react-query';
import { apiPath, get, post, postForFile, put } from '../api/request.ts';
import type { Page } from '../api/resources.ts';

export type VenueCommissioning = {
  readonly venue: BoardVenue;
  readonly test?: CommissioningTest;
  readonly earlierTests: readonly CommissioningTest[];
  readonly acceptances: readonly Acceptance[];
  readonly lifeChanges: readonly VenueLifeChange[];
};

const MAX_PAGES = 25;

async function boardVenues(query: Record<string, string>, signal?: AbortSignal): Promise<readonly BoardVenue[]> {
  const found: BoardVenue[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    const page = await get<Page<BoardVenue>>('/commissioning', { ...query, limit: 1_000, cursor }, signal);
    found.push(...page.items);
    cursor = page.nextCursor;
    if (cursor === undefined) break;
  }
  return found;
}

const id = encodeURIComponent;
const testPath = (venueId: string, testId?: string): string =>
  `/venues/${id(venueId)}/commissioning-tests${testId === undefined ? '' : `/${id(testId)}`}`;

export type PointPlace = { readonly deviceId: string; readonly point: string };

export const commissioningApi = {
  moveVenue: (venueId: string, to: VenueLifeState, reason: string) =>
    post<BoardVenue>(`/venues/${id(venueId)}/life-changes`, { to, reason }),
  setWave: (venueId: string, wave: string) => put<BoardVenue>(`/venues/${id(venueId)}/wave`, { wave }),
  startTest: (venueId: string, minutes: number, reason: string) =>
    post<CommissioningTest>(testPath(venueId), { minutes, reason }),
  extendTest: (venueId: string, testId: string, minutes: number) =>
    post<CommissioningTest>(`${testPath(venueId, testId)}/extend`, { minutes }),
  endTest: (venueId: string, testId: string) => post<CommissioningTest>(`${testPath(venueId, testId)}/end`, {}),
  tick: (venueId: string, testId: string, place: PointPlace, outcome: TestOutcome, reason: string) =>
    post<CommissioningTest>(`${testPath(venueId, testId)}/ticks`, { ...place, outcome, reason }),
  rearm: (venueId: string, testId: string, { deviceId, point }: PointPlace) =>
    post<CommissioningTest>(`${testPath(venueId, testId)}/rearms`, { deviceId, point }),
  makeAcceptance: (venueId: string, testId: string) => post<Acceptance>(`${testPath(venueId, testId)}/acceptances`, {}),
  sign: (venueId: string, { testId, version, sha256 }: Acceptance, capacity: SignatureCapacity, name: string) =>
    post<Acceptance>(`${testPath(venueId, testId)}/acceptances/${version}/signatures`, { sha256, capacity, name }),
  paperUrl: (venueId: string, { testId, version }: Acceptance, language: string): string =>
    apiPath(`${testPath(venueId, testId)}/acceptances/${version}/paper`, { language }),
  labels: (order: object) => postForFile('/labels', order),
  beginTrial: (trial: { name: string; wave?: string; venueId?: string; from: string; to: string }) =>
    post<TrialOperation>('/trials', trial),
} as const;

export const commissioningQueries = {
  board: () =>
    queryOptions({
      queryKey: ['commissioning', 'board'],
      queryFn: ({ signal }) => boardVenues({}, signal),
      refetchInterval: 10_000,
    }),
  /** Venues on test now: on every page, so that nobody at the desk is surprised. */
  onTest: () =>
    queryOptions({
      queryKey: ['commissioning', 'onTest'],
      queryFn: ({ signal }) => boardVenues({ onTest: 'true' }, signal),
      refetchInterval: 10_000,
      refetchIntervalInBackground: true,
    }),
  venue: (venueId: string) =>
    queryOptions({
      queryKey: ['commissioning', 'venue', venueId],
      queryFn: ({ signal }) => get<VenueCommissioning>(`/venues/${id(venueId)}/commissioning`, {}, signal),
      refetchInterval: ({ state }) =>
        state.data?.test !== undefined && state.data.test.endedAt === undefined ? 1_500 : 15_000,
    }),
  trials: () =>
    queryOptions({
      queryKey: ['commissioning', 'trials'],
      queryFn: async ({ signal }) => (await get<Page<TrialOperation>>('/trials', { limit: 100 }, signal)).items,
      refetchInterval: 30_000,
    }),
  trial: (trialId: string) =>
    queryOptions({
      queryKey: ['commissioning', 'trial', trialId],
      queryFn: ({ signal }) => get<TrialReport>(`/trials/${id(trialId)}`, {}, signal),
      refetchInterval: 30_000,
    }),
} as const;
