import type { HazardEvent } from '@fengsui/hazard';
import { unitOf, type EventMessage } from '@fengsui/protocol';
import { shiftedEvidence } from './shifted-evidence.ts';

/** The event that tells a hazard, without its instant; `shiftMs` moves the instants of its evidence with it. */
export function hazardMessage(event: HazardEvent, shiftMs: number): Omit<EventMessage, 'epoch' | 'seq' | 'at'> {
  const { kind, point, pointId, active, level, value, limit, confidence } = event;
  const what = event.measure === undefined ? { unit: unitOf(pointId) } : { measure: event.measure };
  const measured = { value: Number(value.toPrecision(7)), limit, ...what };
  const evidence = { ...shiftedEvidence(event.evidence ?? {}, shiftMs), ...measured };
  return { kind, point, active, level, ...(confidence !== undefined && { confidence }), evidence };
}
