import { followCallOuts } from '../call-out/follow-call-outs.ts';
import { followIncidents } from '../incident/follow-incidents.ts';
import { followIsolations } from '../isolation/run-isolation.ts';
import { followUpdateEvent } from '../rollout/follow-update.ts';
import { followWork } from '../workorder/follow-work.ts';
import { saysPassed } from './apply-command.ts';
import { observeRegistryChange } from './apply-registry-change.ts';
import { noteHeard } from './apply-report.ts';
import { forgetSessions } from './apply-timer.ts';
import type { DecodedEntry, DecodedReport } from './decoded-entry.ts';
import { lacksAll, type Lacking } from './duty.ts';
import type { Effects } from './effects.ts';
import { noteHeard as noteSourceHeard } from './foreign/foreign-state.ts';
import type { Place } from './kept.ts';
import type { ReportContext } from './report-context.ts';
import { noteSelfTest, sweepSelfTests } from './self-test-watch.ts';
import { sweepSilence } from './silence-watch.ts';
import type { Situation } from './situation.ts';
import { entryIdOf } from '../journal/entry.ts';

/** What an entry that another process applies changes in this one's share (duty.ts). */
export function observeEntry(
  situation: Situation,
  effects: Effects,
  item: DecodedEntry,
  lacking: Lacking = lacksAll,
): void {
  const changesBefore = effects.alarmChanges.length;
  const stepsBefore = effects.incidentSteps.length;
  if (item.kind === 'report') {
    if (item.body.channel === 'reply') observeReply(situation, effects, item);
    else if (situation.leads) observeReportAtHome(situation, effects, item);
    return;
  }
  if (item.kind === 'registryChange') {
    for (const change of item.changes)
      observeRegistryChange(situation, effects, change, item.entry.appendedAt, lacking);
  } else if (item.kind === 'timerFired') {
    const { purpose, firedAt } = item.meta;
    if (purpose.kind === 'centreStarted') forgetSessions(situation, purpose, firedAt);
    if (purpose.kind === 'presenceSweep') {
      sweepSilence(situation, effects, entryIdOf(item.entry), firedAt);
      sweepSelfTests(situation, effects, entryIdOf(item.entry), firedAt);
    }
  }
  followIsolations(situation, effects, changesBefore, item.entry.appendedAt);
  followIncidents(situation, effects, item.entry, changesBefore);
  followCallOuts(situation, effects, item.entry.appendedAt, stepsBefore);
  followWork(situation, effects, item, changesBefore, lacking);
}

/** How an update goes on is said by events of terminals, rollouts are of no venue; as is when a source was heard. */
function observeReportAtHome(situation: Situation, effects: Effects, { meta, entry, body }: DecodedReport): void {
  const { foreign, receivedAt, deviceId } = meta;
  if (foreign?.kind === 'statement') noteSourceHeard(situation, effects, foreign.sourceId, receivedAt);
  if (body.channel !== 'event' || body.event.eventKind !== 'update') return;
  const ground = { situation, effects, at: receivedAt, entryId: entryIdOf(entry) };
  followUpdateEvent(ground, deviceId, body.event.evidence);
}

/** Its command is of another book; that the device lives, and has passed a self-test, is for who has the device. */
function observeReply(situation: Situation, effects: Effects, report: DecodedReport): void {
  const { meta, entry, body } = report;
  const device = situation.registry.device(meta.deviceId);
  if (device === undefined || !situation.owns(entry.partition) || body.channel !== 'reply') return;
  const place: Place = { partition: entry.partition, venueId: meta.venueId, origin: meta.origin };
  const context: ReportContext = { situation, effects, report, device, place, entryId: entryIdOf(entry) };
  noteHeard(context);
  if (saysPassed(body.reply)) noteSelfTest(context, meta.receivedAt);
}
