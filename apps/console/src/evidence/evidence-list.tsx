import './evidence.css';
import type { LoadEvidence } from '@fengsui/protocol';
import { groupHazards } from './group-hazards.ts';
import { HazardPanel } from './hazard-panel.tsx';
import { LoadPanel } from './load-panel.tsx';
import type { EvidencedEvent } from './use-capture-evidence.ts';

/** Everything the terminal gave as its reason for a capture: hazards first, then the loads that were switched. */
export function EvidenceList({ items }: { readonly items: readonly EvidencedEvent[] }) {
  const hazards = items.filter(({ evidence }) => evidence.schema !== 'load/1');
  const loads = items.filter((item): item is EvidencedEvent & { readonly evidence: LoadEvidence } => {
    return item.evidence.schema === 'load/1';
  });
  return (
    <>
      {groupHazards(hazards).map((course) => (
        <HazardPanel key={`${course.leading.event.point} ${course.leading.event.kind}`} course={course} />
      ))}
      {loads.map(({ event, evidence }) => (
        <LoadPanel key={evidence.loadEventId} deviceId={event.deviceId} evidence={evidence} />
      ))}
    </>
  );
}
