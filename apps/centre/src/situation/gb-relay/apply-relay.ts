import { entryIdOf } from '../../journal/entry.ts';
import type { RelayMeta } from '../../journal/relay-meta.ts';
import { withRelayDefaults } from '../../registry/relay-targets.ts';
import { endFault, placeOfCentre, tellFault, type FaultGround } from '../centre-fault.ts';
import type { DecodedReport } from '../decoded-entry.ts';
import type { Effects } from '../effects.ts';
import { pushGbEvent } from '../gb26875/gb-event.ts';
import type { ReportContext } from '../report-context.ts';
import type { Situation } from '../situation.ts';
import type { TimerPurpose } from '../timer.ts';
import { owedKey, type RelayState } from './relay-state.ts';

type RelayFault = 'relayAway' | 'relayBacklog' | 'relayLoss';

/** Bearer of what concerns a relay and none of its devices. No device id holds a colon. */
export const relayBearer = (relayId: string): string => `relay:${relayId}`;

/** The frame of this report is owed to other centres: a row each until they confirm it. */
export function oweFrame({ effects, device, report }: ReportContext, order: number, relayIds: readonly string[]): void {
  const { receivedAt } = report.meta;
  const bytes = report.entry.payload ?? new Uint8Array();
  const isUrgent = report.entry.lane === 'alarm';
  for (const relayId of relayIds)
    effects.relayOwed.set(owedKey(relayId, order), {
      relayId,
      deviceId: device.id,
      order,
      isUrgent,
      receivedAt,
      bytes,
    });
}

/** Applies what became of frames on their way to another centre, and how that centre stands. */
export function applyRelay(situation: Situation, effects: Effects, report: DecodedReport, relay: RelayMeta): void {
  const { relayId } = relay;
  const at = report.meta.receivedAt;
  const entryId = entryIdOf(report.entry);
  const state = situation.relayStates.get(relayId) ?? {};
  switch (relay.kind) {
    case 'delivered':
      settle(effects, relayId, relay.orders);
      return;
    case 'setAside':
      settle(effects, relayId, relay.orders);
      keep(situation, effects, relayId, {
        ...state,
        setAsideCount: (state.setAsideCount ?? 0) + relay.orders.length,
      });
      tellLoss(situation, effects, relayId, entryId, at);
      return;
    case 'lost':
      keep(situation, effects, relayId, { ...state, lostCount: (state.lostCount ?? 0) + relay.count });
      tellLoss(situation, effects, relayId, entryId, at);
      return;
    case 'link':
      applyLink(situation, effects, relay, state, at);
      return;
    case 'backlog': {
      const { behindSince, ...rest } = state;
      keep(situation, effects, relayId, relay.isBehind ? { ...rest, behindSince: behindSince ?? at } : rest);
      if (relay.isBehind) raise(situation, effects, relayId, 'relayBacklog', entryId, at);
      else end(situation, effects, relayId, 'relayBacklog', at);
      return;
    }
    case 'order':
      noteOrder(situation, effects, report, relay);
  }
}

export function relayAwayDue(
  situation: Situation,
  effects: Effects,
  entryId: string,
  { relayId, since }: Extract<TimerPurpose, { kind: 'relayAway' }>,
  firedAt: number,
): void {
  const link = situation.relayStates.get(relayId)?.link;
  if (link?.state === 'away' && link.since === since) raise(situation, effects, relayId, 'relayAway', entryId, firedAt);
}

/** A row that was never written, because its frame is in the same batch, need not be deleted. */
function settle(effects: Effects, relayId: string, orders: readonly number[]): void {
  for (const order of orders) {
    const key = owedKey(relayId, order);
    if (!effects.relayOwed.delete(key)) effects.relaySettled.set(key, { relayId, order });
  }
}

function applyLink(
  situation: Situation,
  effects: Effects,
  { relayId, state, error }: Extract<RelayMeta, { kind: 'link' }>,
  before: RelayState,
  at: number,
): void {
  const { link, ...rest } = before;
  const timerId = `relayAway/${relayId}`;
  const why = error === undefined ? {} : { error };
  if (state === 'away') {
    // How long it has been away goes on over restarts of ours.
    const since = link?.state === 'away' ? link.since : at;
    keep(situation, effects, relayId, { ...rest, link: { state, since, ...why } });
    if (link?.state === 'away') return;
    const target = situation.registry.relays.target(relayId);
    const faultMs = 1_000 * (target === undefined ? 0 : withRelayDefaults(target).awayFaultS);
    effects.setTimer({
      id: timerId,
      venueId: '',
      dueAt: since + faultMs,
      purpose: { kind: 'relayAway', relayId, since },
    });
    return;
  }
  effects.endTimer(timerId);
  end(situation, effects, relayId, 'relayAway', at);
  keep(situation, effects, relayId, state === 'ended' ? rest : { ...rest, link: { state, since: at } });
}

/** What another centre orders is an event of the device: people look there. */
function noteOrder(
  situation: Situation,
  effects: Effects,
  report: DecodedReport,
  { relayId, deviceId, command, type, isRefused, count }: Extract<RelayMeta, { kind: 'order' }>,
): void {
  const device = situation.registry.device(deviceId);
  if (device === undefined) return;
  const context = { situation, effects, report, device, place: situation.placeOf(device), entryId: '' };
  pushGbEvent(context, {
    kind: isRefused ? 'relayOrderRefused' : 'relayOrderPassed',
    point: '',
    level: isRefused ? 'warning' : 'attention',
    at: report.meta.receivedAt,
    evidence: { relayId, command, type, count },
  });
}

/** Over when told: it stays to be seen until somebody has acknowledged it. */
function tellLoss(situation: Situation, effects: Effects, relayId: string, entryId: string, at: number): void {
  raise(situation, effects, relayId, 'relayLoss', entryId, at);
  end(situation, effects, relayId, 'relayLoss', at);
}

const groundOf = (situation: Situation, effects: Effects, relayId: string, at: number): FaultGround => ({
  situation,
  effects,
  place: placeOfCentre(situation),
  bearer: relayBearer(relayId),
  at,
});

function raise(
  situation: Situation,
  effects: Effects,
  relayId: string,
  kind: RelayFault,
  entryId: string,
  at: number,
): void {
  tellFault({ ...groundOf(situation, effects, relayId, at), entryId }, kind);
}

function end(situation: Situation, effects: Effects, relayId: string, kind: RelayFault, at: number): void {
  endFault(groundOf(situation, effects, relayId, at), kind);
}

function keep(situation: Situation, effects: Effects, relayId: string, state: RelayState): void {
  situation.relayStates.set(relayId, state);
  effects.relayStates.set(relayId, state);
}
