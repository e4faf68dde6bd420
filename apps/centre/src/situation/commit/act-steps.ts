import type { Step } from '../../store/store.ts';
import type { Effects } from '../effects.ts';
import { storableJson } from '../storable-json.ts';

export function actSteps({ acts }: Effects): Step[] {
  return acts.flatMap(({ meta, place, outcome }) => {
    const common = [meta.actId, place.partition, place.venueId, place.origin, meta.at, meta.by];
    const act = 'alarmId' in meta ? { alarmId: meta.alarmId, ...meta.act } : meta.act;
    const steps: Step[] = [
      {
        kind: 'sql',
        sql:
          `insert into operator_act (id, partition, venue_id, origin, at, username, act, outcome) ` +
          `values ($1, $2, $3, $4, $5, $6, $7::jsonb, $8::jsonb) on conflict (id) do nothing`,
        params: [...common, storableJson(act), storableJson(outcome)],
      },
    ];
    if (outcome.kind === 'judged') {
      const { deviceId, loadEventId } = outcome.judgement;
      steps.push({
        kind: 'sql',
        sql:
          `insert into load_judgement (id, partition, venue_id, origin, at, username, device_id, load_event_id, doc) ` +
          `values ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb) on conflict (id) do nothing`,
        params: [...common, deviceId, loadEventId, storableJson(outcome.judgement)],
      });
    }
    if (outcome.kind === 'foundToBe') {
      const { alarmId, verdict, cause } = outcome.verdict;
      steps.push({
        kind: 'sql',
        sql:
          `insert into alarm_verdict (id, partition, venue_id, origin, at, username, alarm_id, verdict, cause, doc) ` +
          `values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb) on conflict (id) do nothing`,
        params: [...common, alarmId, verdict, cause ?? null, storableJson(outcome.verdict)],
      });
    }
    return steps;
  });
}
