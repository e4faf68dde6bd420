import { readEvidence, type DeviceEventRecord, type Evidence } from '@fengsui/protocol';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { queries } from '../api/queries.ts';

export type EvidencedEvent = { readonly event: DeviceEventRecord; readonly evidence: Evidence };

/** The events that name a capture and say why in a shape this console knows, oldest first. */
export function useCaptureEvidence(captureId: string): readonly EvidencedEvent[] {
  const events = useQuery(queries.captureEvents(captureId));
  return useMemo(
    () =>
      (events.data ?? []).toReversed().flatMap((event) => {
        const evidence = readEvidence(event.evidence);
        return evidence === undefined ? [] : [{ event, evidence }];
      }),
    [events.data],
  );
}
