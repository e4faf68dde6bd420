import { localActionKind } from '@fengsui/alarm';
import { readEvidence, type DeviceEventRecord, type Evidence } from '@fengsui/protocol';

/** An event that says why in a shape this console knows. */
export type EvidencedEvent = { readonly event: DeviceEventRecord; readonly evidence: Evidence };

/** An event that says why in its own way. */
export type ForeignEvent = { readonly event: DeviceEventRecord; readonly foreign: unknown };

export type SortedEvidence = { readonly known: readonly EvidencedEvent[]; readonly foreign: readonly ForeignEvent[] };

/** What the alarm itself shows: a plain limit that was exceeded needs no words of its own. */
const figures: readonly string[] = ['value', 'limit', 'unit', 'measure'];

/** Splits events by whether their evidence is understood; events without any are left out. */
export function sortEvidence(events: readonly DeviceEventRecord[]): SortedEvidence {
  const known: EvidencedEvent[] = [];
  const foreign: ForeignEvent[] = [];
  for (const event of events) {
    const evidence = readEvidence(event.evidence);
    if (evidence !== undefined) known.push({ event, evidence });
    else if (hasOwnWords(event)) foreign.push({ event, foreign: event.evidence });
  }
  return { known, foreign };
}

function hasOwnWords({ kind, evidence }: DeviceEventRecord): boolean {
  if (typeof evidence !== 'object' || evidence === null) return evidence !== undefined && evidence !== null;
  // What our terminals say of their acts has a panel of its own.
  if (kind === localActionKind && 'act' in evidence) return false;
  return Object.keys(evidence).some((key) => !figures.includes(key));
}
