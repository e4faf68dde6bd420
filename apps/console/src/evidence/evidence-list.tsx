import './evidence.css';
import type { LoadEvidence } from '@fengsui/protocol';
import type { EvidencedEvent, SortedEvidence } from './evidenced-event.ts';
import { ForeignEvidence } from './foreign-evidence.tsx';
import { groupHazards } from './group-hazards.ts';
import { HazardPanel } from './hazard-panel.tsx';
import { LoadPanel } from './load-panel.tsx';

/** More of one page would bury the waveform. */
const MOST_FOREIGN = 3;

/** Everything a device gave as its reason: hazards first, then loads that were switched, then what nobody here reads. */
export function EvidenceList({ known, foreign }: SortedEvidence) {
  const hazards = known.filter(({ evidence }) => evidence.schema !== 'load/1');
  const loads = known.filter((item): item is EvidencedEvent & { readonly evidence: LoadEvidence } => {
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
      {foreign.slice(-MOST_FOREIGN).map((item, index) => (
        <ForeignEvidence key={index} item={item} />
      ))}
    </>
  );
}
