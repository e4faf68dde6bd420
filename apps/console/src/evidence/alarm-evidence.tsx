import type { Alarm } from '@fengsui/protocol';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { queries } from '../api/queries.ts';
import { EvidenceList } from './evidence-list.tsx';
import { sortEvidence } from './evidenced-event.ts';

/** Why an alarm was raised, where no capture page says it: the newest event that does, or that says it in its own way. */
export function AlarmEvidence({ alarm }: { readonly alarm: Alarm }) {
  const events = useQuery(queries.alarmEvents(alarm));
  const { known, foreign } = useMemo(() => {
    const own = (events.data ?? []).filter(({ point, receivedAt }) => {
      return point === alarm.pointId && Date.parse(receivedAt) >= Date.parse(alarm.receivedAt);
    });
    return sortEvidence(own);
  }, [events.data, alarm.pointId, alarm.receivedAt]);
  return <EvidenceList known={alarm.captureId === undefined ? known.slice(0, 1) : []} foreign={foreign.slice(0, 1)} />;
}
