import './evidence.css';
import { HazardPanel } from './hazard-panel.tsx';
import { LoadPanel } from './load-panel.tsx';
import type { EvidencedEvent } from './use-capture-evidence.ts';

/** Everything the terminal gave as its reason for a capture. */
export function EvidenceList({ items }: { readonly items: readonly EvidencedEvent[] }) {
  return (
    <>
      {items.map(({ event, evidence }, index) =>
        evidence.schema === 'load/1' ? (
          <LoadPanel key={index} deviceId={event.deviceId} evidence={evidence} />
        ) : (
          <HazardPanel key={index} event={event} evidence={evidence} />
        ),
      )}
    </>
  );
}
