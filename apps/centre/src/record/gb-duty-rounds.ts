import { scopeParameter, type Scope } from '../access/scope.ts';
import type { GbDutyCheck } from '../situation/gb26875/gb-situation.ts';
import type { Store } from '../store/store.ts';

const IN_SCOPE = '($1::text[] is null or venue_id = any($1::text[]))';

/** The checks of a round that the caller may see, by device; [] when there is none of that id. */
export async function dutyChecksOfRound(scope: Scope, store: Store, roundId: string): Promise<readonly GbDutyCheck[]> {
  const sql = `select doc from gb_duty_check where ${IN_SCOPE} and doc ? 'roundId' and doc ->> 'roundId' = $2 order by doc ->> 'deviceId'`;
  const rows = await store.query(sql, [scopeParameter(scope), roundId]);
  return rows.map(({ doc }) => doc as GbDutyCheck);
}

export type KeptDutyRound = Pick<GbDutyCheck, 'by' | 'askedAt' | 'withinMin'> & {
  readonly id: string;
  readonly counts: Readonly<Record<string, number>>;
};

/** Rounds, newest first. */
export async function listDutyRounds(scope: Scope, store: Store, limit: number): Promise<readonly KeptDutyRound[]> {
  const rows = await store.query(
    `select doc ->> 'roundId' as id, min(doc ->> 'by') as by, min((doc ->> 'askedAt')::int8) as asked_at,
       max((doc ->> 'withinMin')::int8) as within_min, doc ->> 'state' as state, count(*) as count,
       min(min((doc ->> 'askedAt')::int8)) over (partition by doc ->> 'roundId') as begun_at
     from gb_duty_check where ${IN_SCOPE} and doc ? 'roundId' group by doc ->> 'roundId', doc ->> 'state'
     order by begun_at desc, id limit $2::int4`,
    // A round has six states at most.
    [scopeParameter(scope), 6 * limit],
  );
  const rounds = new Map<string, KeptDutyRound>();
  for (const row of rows) {
    const id = row['id'] as string;
    const known = rounds.get(id);
    if (known === undefined && rounds.size >= limit) break;
    rounds.set(id, {
      id,
      by: row['by'] as string,
      askedAt: row['begun_at'] as number,
      withinMin: row['within_min'] as number,
      counts: { ...known?.counts, [row['state'] as string]: row['count'] as number },
    });
  }
  return [...rounds.values()];
}
