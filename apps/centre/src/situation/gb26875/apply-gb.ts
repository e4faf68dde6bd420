import { classify } from '@fengsui/alarm';
import { entryIdOf } from '../../journal/entry.ts';
import type { GbMeta } from '../../journal/gb-meta.ts';
import { applyUnreadable, quarantineEntry } from '../apply-unreadable.ts';
import { raiseMoment } from '../centre-fault.ts';
import type { DecodedReport } from '../decoded-entry.ts';
import type { Effects } from '../effects.ts';
import type { ReportContext } from '../report-context.ts';
import type { Situation } from '../situation.ts';
import { applyGbFrame } from './apply-gb-frame.ts';
import { isRepeated } from './repeated-frame.ts';
import { noteDelivery } from './duty-check.ts';
import { oweFrame } from '../gb-relay/apply-relay.ts';
import { pushGbEvent } from './gb-event.ts';

/** Bearer of what concerns no device: the door itself, at no venue; seen by who may see every venue. */
export const GB_DOOR_ID = 'gb26875';

/** Applies what the door journalled about a registered device. */
export function applyGb(context: ReportContext, gb: GbMeta): void {
  const at = context.report.meta.receivedAt;
  switch (gb.kind) {
    case 'frame':
      if (gb.replayOf === undefined && isRepeated(context, gb)) return;
      if (gb.relay !== undefined) oweFrame(context, gb.order, gb.relay);
      applyGbFrame(context, gb);
      return;
    case 'framing':
      applyUnreadable(context, 'gb26875', `framing: ${gb.reason}`);
      return;
    case 'addressClash':
      pushGbEvent(context, {
        kind: 'addressClash',
        point: '',
        level: 'warning',
        at,
        evidence: { remotes: gb.remotes },
      });
      raiseMoment(context, 'addressClash');
      return;
    case 'unauthorised': {
      const { reason, remote, count } = gb;
      pushGbEvent(context, {
        kind: 'unauthorisedAccess',
        point: '',
        level: 'warning',
        at,
        evidence: { reason, remote, count },
      });
      raiseMoment(context, 'unauthorisedAccess');
      return;
    }
    case 'transaction':
      applyTransaction(context, gb);
  }
}

function applyTransaction(context: ReportContext, gb: Extract<GbMeta, { kind: 'transaction' }>): void {
  const isDone = gb.outcome === 'confirmed' || gb.outcome === 'answered';
  const at = context.report.meta.receivedAt;
  const { type, outcome, transmissions, startedAt, actId } = gb;
  const evidence = { type, outcome, transmissions, tookMs: at - startedAt, ...(actId !== undefined && { actId }) };
  // What the centre does by itself and succeeds in is no news.
  if (!isDone || actId !== undefined) {
    const kind = isDone ? 'transactionDone' : 'transactionFailed';
    pushGbEvent(context, { kind, point: '', level: isDone ? 'attention' : 'warning', at, evidence });
  }
  if (actId !== undefined) noteDelivery(context, actId, isDone);
}

/** A frame under an address nobody registered: kept for engineers to look at, and a security alarm of the door. */
export function applyUnknownGbAddress(situation: Situation, effects: Effects, report: DecodedReport, gb: GbMeta): void {
  const { meta, entry } = report;
  const what =
    gb.kind === 'unauthorised' ? `${gb.reason}: ${gb.address} from ${gb.remote}, ${gb.count} frames` : gb.kind;
  quarantineEntry(effects, entry, what);
  const place = { partition: entry.partition, venueId: '', origin: 'live' } as const;
  const { classification } = classify('unauthorisedAccess', 'warning');
  const at = meta.receivedAt;
  const common = { source: 'centre', at } as const;
  const raised = {
    ...common,
    kind: 'sourceActive',
    level: 'warning',
    pointId: '',
    receivedAt: at,
    entryId: entryIdOf(entry),
    origin: 'live',
    classification,
  } as const;
  situation.tell(place, GB_DOOR_ID, '', 'unauthorisedAccess', raised, effects);
  situation.tell(
    place,
    GB_DOOR_ID,
    '',
    'unauthorisedAccess',
    { ...common, kind: 'sourceInactive', live: true },
    effects,
  );
}
