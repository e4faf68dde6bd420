import type { AlarmVerdict } from '@fengsui/protocol';
import type { Effects } from './effects.ts';
import type { Situation } from './situation.ts';
import type { VerdictActMeta } from './verdict-act.ts';

export function judgeAlarm(situation: Situation, effects: Effects, meta: VerdictActMeta, partition: number): void {
  const { alarmId, deviceId, verdict, cause, note } = meta.act;
  const found: AlarmVerdict = {
    id: meta.actId,
    alarmId,
    verdict,
    ...(cause !== undefined && { cause }),
    ...(note !== undefined && { note }),
    by: meta.by,
    at: new Date(meta.at).toISOString(),
  };
  const origin = situation.registry.device(deviceId)?.origin ?? 'live';
  const place = { partition, venueId: meta.venueId, origin };
  effects.acts.push({ meta, place, outcome: { kind: 'foundToBe', verdict: found } });
}
