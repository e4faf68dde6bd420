import { isWithin } from '../platform/clock.ts';
import { raiseFault } from './centre-fault.ts';
import type { SessionChange } from './decoded-entry.ts';
import type { DeviceState, SessionOpening } from './kept.ts';
import type { ReportContext } from './report-context.ts';
import type { Situation } from './situation.ts';

const WINDOW_MS = 10 * 60_000;
/** More take-overs than this within the window: two devices push each other out. */
const TAKE_OVERS = 3;
/** The address changes and changes back: A, B, A, B. A device that moves house changes it once. */
const ADDRESS_CHANGES = 3;
/** Openings looked at; with the window they bound what is stored. */
const KEPT = 32;

/** The openings of the last minutes, this one included. */
export function openingsWith(
  before: readonly SessionOpening[] | undefined,
  { address, tookOver }: SessionChange,
  at: number,
): readonly SessionOpening[] {
  const opening = { at, ...(address !== undefined && { address }), ...(tookOver === true && { tookOver }) };
  return [...(before ?? []).filter((known) => isWithin(at, known.at, WINDOW_MS)), opening].slice(-KEPT);
}

/** A session at another gateway was still open at the newest of them, or ends because of the next. */
export function withTakeOver(openings: readonly SessionOpening[] | undefined): readonly SessionOpening[] | undefined {
  const newest = openings?.at(-1);
  if (openings === undefined || newest === undefined || newest.tookOver === true) return openings;
  return [...openings.slice(0, -1), { ...newest, tookOver: true }];
}

/**
 * Whether one credential seems to be in two hands (design.md 5.1, issue 4): the alarm stays until a person has
 * acknowledged and inspected it. What the device reports counts all the same; commands to it are refused meanwhile.
 */
export function watchIdentity(context: ReportContext, openings: readonly SessionOpening[]): void {
  const { situation, device } = context;
  const takeOvers = openings.filter(({ tookOver }) => tookOver === true).length;
  if (takeOvers <= TAKE_OVERS && changesBetweenTwo(openings) < ADDRESS_CHANGES) return;
  if (situation.condition(`${device.id}//clonedIdentity`)?.condition.alarm !== undefined) return;
  raiseFault(context, 'clonedIdentity', { level: 'alarm', latching: true });
}

/** How often the address went over between the two that were used last. */
function changesBetweenTwo(openings: readonly SessionOpening[]): number {
  const addresses = openings.flatMap(({ address }) => (address === undefined ? [] : [address]));
  const changes = addresses.filter((address, index) => index > 0 && address !== addresses[index - 1]);
  const pair = new Set(addresses.slice(-2));
  return pair.size < 2 ? 0 : changes.filter((address) => pair.has(address)).length;
}

/** A person has looked into it: what was seen before counts no more. */
export function identityInspected(situation: Situation, deviceId: string): DeviceState | undefined {
  const { openings: _settled, ...state } = situation.deviceStates.get(deviceId) ?? { online: false, changedAt: 0 };
  if (_settled === undefined) return undefined;
  situation.deviceStates.set(deviceId, state);
  return state;
}
