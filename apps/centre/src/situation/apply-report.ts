import { applyCanary } from '../canary/apply-canary.ts';
import { entryIdOf } from '../journal/entry.ts';
import { applyReply } from './apply-command.ts';
import { applyCapture } from './apply-capture.ts';
import { applyEvent } from './apply-event.ts';
import { applyForeign, isNewStatement } from './foreign/apply-foreign.ts';
import { applyRelay } from './gb-relay/apply-relay.ts';
import { applyGb, applyUnknownGbAddress } from './gb26875/apply-gb.ts';
import { applyPresence, markHeard, noteReceived } from './apply-presence.ts';
import { applyTelemetry } from './apply-telemetry.ts';
import { raiseMoment } from './centre-fault.ts';
import type { DecodedReport } from './decoded-entry.ts';
import type { Effects } from './effects.ts';
import type { Place } from './kept.ts';
import { applyUnreadable } from './apply-unreadable.ts';
import type { ReportContext } from './report-context.ts';
import type { Situation } from './situation.ts';

/** Digests of stored rows whose seq the ledger knows but whose body it has forgotten: `device/epoch/seq` → digests. */
export type StoredDigests = ReadonlyMap<string, ReadonlySet<string>>;

export const storedDigestKey = (deviceId: string, epoch: string, seq: number): string => `${deviceId}/${epoch}/${seq}`;

/** Applies one report; the entry's own place (venue, origin as of its receipt) counts, not the registry's of today. */
export function applyReport(
  situation: Situation,
  effects: Effects,
  report: DecodedReport,
  stored: StoredDigests,
): void {
  const { meta, entry, body } = report;
  if (body.channel === 'gb26875' && meta.deviceId === '') {
    applyUnknownGbAddress(situation, effects, report, body.gb);
    return;
  }
  if (body.channel === 'foreign') {
    applyForeign(situation, effects, report, body.foreign);
    return;
  }
  if (body.channel === 'relay') {
    applyRelay(situation, effects, report, body.relay);
    return;
  }
  if (body.channel === 'canary') {
    applyCanary(effects, report, body.event);
    return;
  }
  const device = situation.registry.device(meta.deviceId);
  if (device === undefined) throw new Error(`report of unregistered device ${meta.deviceId}`);
  const place: Place = { partition: entry.partition, venueId: meta.venueId, origin: meta.origin };
  const context: ReportContext = { situation, effects, report, device, place, entryId: entryIdOf(entry) };
  if (body.channel === 'presence') {
    applyPresence(context, body.presence);
    return;
  }
  // Nothing has come of the device now, whatever is looked at again.
  if (body.channel === 'gb26875' && (body.gb.kind !== 'frame' || body.gb.replayOf !== undefined)) {
    applyGb(context, body.gb);
    return;
  }
  // A reply is applied by who leads; that its device lives is for who has the device.
  if (situation.owns(place.partition)) noteHeard(context);
  switch (body.channel) {
    case 'gb26875':
      applyGb(context, body.gb);
      break;
    case 'unreadable':
      applyUnreadable(context, body.topic, body.reason);
      break;
    case 'reply':
      applyReply(context, body.reply);
      break;
    case 'capture':
      applyCapture(context, body.captureId, body.chunk);
      break;
    case 'telemetry':
      if (isNew(context, body.telemetry.epoch, body.telemetry.seq, stored)) applyTelemetry(context, body.telemetry);
      break;
    case 'event':
      if (isNew(context, body.event.epoch, body.event.seq, stored)) applyEvent(context, body.event);
      break;
  }
}

/** A report has come, just now: a sign of life. */
export function noteHeard(context: ReportContext): void {
  noteReceived(context);
  markHeard(context);
}

/**
 * Identity of a report, design.md 5.1: same key and same body is the same report; same key and another body is a
 * report in its own right, and a sign that the device's counter began anew without a new epoch.
 */
function isNew(context: ReportContext, epoch: string, seq: number | undefined, stored: StoredDigests): boolean {
  const { situation, effects, report, device, place } = context;
  const { foreign, receivedAt } = report.meta;
  // A foreign platform does not count its reports: who they are the same as is told by the mapping.
  if (foreign?.kind === 'statement') return isNewStatement(situation, effects, foreign, receivedAt);
  const ledger = situation.ledger(device.id);
  if (seq === undefined) return !ledger.seenWithoutSeq(report.digestHex, report.meta.receivedAt);
  const verdict = ledger.judge(epoch, seq, report.digestHex);
  if (verdict === 'duplicate') return false;
  if (verdict === 'compareWithStored') {
    if (stored.get(storedDigestKey(device.id, epoch, seq))?.has(report.digestHex) === true) return false;
    raiseMoment(context, 'sequenceReset');
  }
  recordReceived(context, epoch, seq);
  effects.received.set(`${device.id}/${epoch}`, {
    deviceId: device.id,
    epoch,
    place,
    intervals: ledger.intervals(epoch),
    at: report.meta.receivedAt,
  });
  return true;
}

function recordReceived({ situation, device, report }: ReportContext, epoch: string, seq: number): void {
  situation.ledger(device.id).record(epoch, seq, report.digestHex);
}
