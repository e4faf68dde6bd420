import type { CentreFunction, CentreFunctionName } from '@fengsui/protocol';
import type { BackupStanding } from '../backup/backup-standing.ts';
import type { ApiContext } from './context.ts';

/** Alarms that wait longer than this to be applied are late for the desk. */
const LATE_MS = 10_000;
/** Rounds of the canary that may be missed in a row before the way of an alarm counts as blocked. */
const MISSED_ROUNDS = 3;

/** What of the centre works right now, function by function, for whoever looks at it at three in the morning. */
export async function centreFunctions(context: ApiContext): Promise<readonly CentreFunction[]> {
  const { situation, worker, journalTrouble, heldBack, lease, audit, auditCare } = context;
  const store = worker.trouble;
  const journal = journalTrouble?.();
  const held = heldBack?.() ?? {};
  const lateBy = store === undefined ? await alarmLagMs(context) : 0;
  const late = lateBy > LATE_MS ? `alarms are applied ${Math.round(lateBy / 1000)} s late` : undefined;
  const missed = context.canary?.()?.missedInARow ?? 0;
  const canary = missed >= MISSED_ROUNDS ? `canary alarms do not come through, ${missed} rounds in a row` : undefined;
  const away = [...situation.relayStates].flatMap(([id, { link }]) => (link?.state === 'away' ? [id] : []));
  const backup = context.backup?.();
  return [
    functionOf('intake', 'held', journal ?? held.intake, 'reports are held back, devices keep theirs'),
    store === undefined && journal === undefined && canary !== undefined
      ? functionOf('alarms', 'broken', canary, 'new alarms may not reach the desk')
      : functionOf('alarms', 'held', store ?? journal ?? late, 'no new alarm is raised'),
    functionOf('screens', 'held', store ?? canary ?? late, 'they show the state of before'),
    functionOf('history', 'held', store ?? held.history, 'nothing new is stored; what is asked may not be answered'),
    functionOf('commands', 'held', journal ?? store, 'none can be put on record, so none is sent'),
    functionOf('relays', 'held', away.length > 0 ? `away: ${away.slice(0, 5).join(', ')}` : store, 'frames are kept until they are taken'), // prettier-ignore
    ...(lease === undefined ? [] : [functionOf('lease', 'held', lease.trouble, 'another centre may take over')]),
    ...(backup === undefined ? [] : [backupFunction(backup)]),
    ...(audit === undefined ? [] : [functionOf('audit', 'held', audit.trouble ?? auditCare?.trouble, 'what people do goes on record later, or stays in this house')]), // prettier-ignore
  ];
}

/** Words for /readyz beside what store and journal say of themselves. */
export function canaryTrouble({ canary }: Pick<ApiContext, 'canary'>): string | undefined {
  const figures = canary?.();
  if (figures === undefined || figures.missedInARow < MISSED_ROUNDS) return undefined;
  return `canary alarms do not come through: ${figures.missedInARow} rounds in a row, the last one came ${Math.round(figures.ageS)} s ago`;
}

function backupFunction({ state, reason }: BackupStanding): CentreFunction {
  return { name: 'backup', state, ...(reason !== undefined && { reason }) };
}

function functionOf(
  name: CentreFunctionName,
  state: 'held' | 'broken',
  why: string | undefined,
  meaning: string,
): CentreFunction {
  return why === undefined ? { name, state: 'works' } : { name, state, reason: `${meaning}: ${why}` };
}

async function alarmLagMs({ journal, worker, clock }: ApiContext): Promise<number> {
  if (journal.waiting('alarm', worker.applied.alarm) === 0) return 0;
  const [oldest] = await journal.read('alarm', worker.applied.alarm, 1);
  return oldest === undefined ? 0 : clock.now() - oldest.appendedAt;
}
