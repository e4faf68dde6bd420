import type { VenueLifeChange } from '@fengsui/protocol';
import { scopeParameter, type Scope } from '../access/scope.ts';
import type { Store } from '../store/store.ts';
import type { KeptAcceptance, KeptTest, VenueLifeLine } from './kept-test.ts';

const MOST = 100;
const inScope = '($1::text[] is null or venue_id = any($1::text[]))';

/** Tests of a venue, newest first; the last 100. */
export async function listTests(scope: Scope, store: Store, venueId: string): Promise<readonly KeptTest[]> {
  const sql =
    `select doc from commissioning_test where ${inScope} and venue_id = $2 ` +
    `order by (doc->>'startedAt')::int8 desc limit ${MOST}`;
  return (await store.query(sql, [scopeParameter(scope), venueId])).map(({ doc }) => doc as KeptTest);
}

/** Every version of the acceptances of a venue, newest first; the last 100. */
export async function listAcceptances(scope: Scope, store: Store, venueId: string): Promise<readonly KeptAcceptance[]> {
  const sql =
    `select doc from acceptance where ${inScope} and venue_id = $2 ` +
    `order by (doc->>'madeAt')::int8 desc, (doc->>'version')::int8 desc limit ${MOST}`;
  return (await store.query(sql, [scopeParameter(scope), venueId])).map(({ doc }) => doc as KeptAcceptance);
}

export async function findAcceptance(
  scope: Scope,
  store: Store,
  venueId: string,
  testId: string,
  version: number,
): Promise<KeptAcceptance | undefined> {
  const sql = `select doc from acceptance where ${inScope} and venue_id = $2 and id = $3`;
  const [row] = await store.query(sql, [scopeParameter(scope), venueId, `${testId}/${version}`]);
  return row?.['doc'] as KeptAcceptance | undefined;
}

/** How a venue came to where it is, newest first; the last 100. */
export async function listVenueLife(scope: Scope, store: Store, venueId: string): Promise<VenueLifeChange[]> {
  const sql = `select doc from venue_life where ${inScope} and venue_id = $2 order by id desc limit ${MOST}`;
  return (await store.query(sql, [scopeParameter(scope), venueId])).map(({ doc }) => {
    const { at, by, from, to, reason } = doc as VenueLifeLine;
    return {
      at: new Date(at).toISOString(),
      by,
      ...(from !== undefined && { from }),
      to,
      ...(reason !== undefined && { reason }),
    };
  });
}
