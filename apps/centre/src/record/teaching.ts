import type { LoadJudgement } from '@fengsui/protocol';
import type { KeptCommand } from '../situation/kept-command.ts';
import type { Store } from '../store/store.ts';

/** Refusals of a terminal that stay what they are, however often it is told. docs/reference/commands.md */
const FINAL_REFUSALS = ['notLearned', 'notEquipped', 'unknownCommand'];
const LOOK_BACK_MS = 30 * 86_400_000;
const MOST_CARRIED = 10_000;

/** The terminal has learned it, or never will. */
export const isFinalTeaching = ({ state, code, repliedAt }: KeptCommand): boolean =>
  state === 'done' || (state === 'refused' && repliedAt !== undefined && FINAL_REFUSALS.includes(code ?? ''));

/** What people said within 30 days and no terminal has answered for good, oldest first. */
export async function undeliveredJudgements(store: Store, now: number): Promise<readonly LoadJudgement[]> {
  const sql =
    `select j.doc from load_judgement j where j.at > $1 and not exists (` +
    `select 1 from command c where c.device_id = j.device_id and c.doc->>'name' = 'teach' ` +
    `and c.doc->'args'->>'judgementId' = j.id and (c.state = 'done' ` +
    `or (c.state = 'refused' and c.doc->>'repliedAt' is not null and c.doc->>'code' = any($2::text[])))) ` +
    `order by j.number limit $3`;
  const rows = await store.query(sql, [now - LOOK_BACK_MS, FINAL_REFUSALS, MOST_CARRIED]);
  return rows.map(({ doc }) => doc as LoadJudgement);
}

type Delivery = NonNullable<LoadJudgement['delivery']>;

/** How far each judgement of a device has come, by its id. */
export async function deliveries(store: Store, deviceId: string): Promise<ReadonlyMap<string, Delivery>> {
  const sql = `select doc from command where device_id = $1 and doc->>'name' = 'teach' order by requested_at desc limit 2000`;
  const found = new Map<string, Delivery>();
  for (const { doc } of await store.query(sql, [deviceId])) {
    const command = doc as KeptCommand;
    const { judgementId } = command.args as { readonly judgementId?: string };
    if (judgementId === undefined) continue;
    const known = found.get(judgementId);
    const delivery = deliveryOf(command);
    // What is final stays, whatever was tried before or after.
    if (delivery !== undefined && (known === undefined || known.state === 'sent')) found.set(judgementId, delivery);
  }
  return found;
}

function deliveryOf(command: KeptCommand): Delivery | undefined {
  const { state, repliedAt, sentAt, requestedAt, result, detail } = command;
  const at = new Date(repliedAt ?? sentAt ?? requestedAt).toISOString();
  if (state === 'done') {
    const { version } = result as { readonly version?: unknown };
    return { state: 'learned', at, ...(typeof version === 'number' && { version }) };
  }
  if (isFinalTeaching(command)) return { state: 'refused', at, ...(detail !== undefined && { detail }) };
  return state === 'sent' ? { state: 'sent', at } : undefined;
}
