import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { queries } from '../api/queries.ts';
import { sortEvidence, type SortedEvidence } from './evidenced-event.ts';

/** Why the events that name a capture were raised, oldest first. */
export function useCaptureEvidence(captureId: string): SortedEvidence {
  const events = useQuery(queries.captureEvents(captureId));
  return useMemo(() => sortEvidence((events.data ?? []).toReversed()), [events.data]);
}
