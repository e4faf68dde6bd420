import type { AlarmState } from './words.ts';

/**
 * What can happen to a condition, told in the words of ISA-18.2 / IEC 62682:
 * `activate` a source is active and nothing got worse · `escalate` it got worse · `latch` an act on site that a person
 * must look at · `return` the last source became inactive.
 */
export const lifeCycleEvents = [
  'activate',
  'escalate',
  'latch',
  'return',
  'acknowledge',
  'shelve',
  'unshelve',
  'suppress',
  'unsuppress',
  'removeFromService',
  'returnToService',
  'inspect',
] as const;
export type LifeCycleEvent = (typeof lifeCycleEvents)[number];

/** Why an act was not done. Stable: clients may rely on them. */
export const refusalCodes = [
  'noAlarm',
  'otherAlarm',
  'shelveRefused',
  'notAnnunciated',
  'notAcknowledged',
  'notLatched',
  'latched',
  'outOfService',
  'reasonRequired',
] as const;
export type RefusalCode = (typeof refusalCodes)[number];

/** `asFound`: the state that the sources and the acknowledgement call for, see {@link stateAsFound}. */
export type LifeCycleOutcome = AlarmState | 'unchanged' | 'asFound' | { readonly refused: RefusalCode };

const refused = (code: RefusalCode): LifeCycleOutcome => ({ refused: code });

/**
 * The whole life cycle: every state under every event. The type is total, a missing cell does not compile.
 * States A-I of ISA-18.2: A normal, B unacknowledged, C acknowledged, D returnedUnacknowledged, E latchedUnacknowledged,
 * F latchedAcknowledged, G shelved, H suppressedByDesign, I outOfService.
 */
export const lifeCycle: Readonly<Record<AlarmState, Readonly<Record<LifeCycleEvent, LifeCycleOutcome>>>> = {
  normal: {
    activate: 'unacknowledged',
    escalate: 'unacknowledged',
    latch: 'latchedUnacknowledged',
    return: 'unchanged',
    acknowledge: refused('noAlarm'),
    shelve: refused('shelveRefused'),
    unshelve: 'unchanged',
    suppress: 'suppressedByDesign',
    unsuppress: 'unchanged',
    removeFromService: 'outOfService',
    returnToService: 'unchanged',
    inspect: refused('noAlarm'),
  },
  unacknowledged: {
    activate: 'unchanged',
    escalate: 'unacknowledged',
    latch: 'latchedUnacknowledged',
    return: 'returnedUnacknowledged',
    acknowledge: 'acknowledged',
    shelve: 'shelved',
    unshelve: 'unchanged',
    suppress: 'suppressedByDesign',
    unsuppress: 'unchanged',
    removeFromService: 'outOfService',
    returnToService: 'unchanged',
    inspect: refused('notLatched'),
  },
  acknowledged: {
    activate: 'unchanged',
    escalate: 'unacknowledged',
    latch: 'latchedUnacknowledged',
    return: 'normal',
    acknowledge: 'unchanged',
    shelve: 'shelved',
    unshelve: 'unchanged',
    suppress: 'suppressedByDesign',
    unsuppress: 'unchanged',
    removeFromService: 'outOfService',
    returnToService: 'unchanged',
    inspect: refused('notLatched'),
  },
  returnedUnacknowledged: {
    activate: 'unacknowledged',
    escalate: 'unacknowledged',
    latch: 'latchedUnacknowledged',
    return: 'unchanged',
    acknowledge: 'normal',
    shelve: 'shelved',
    unshelve: 'unchanged',
    suppress: 'suppressedByDesign',
    unsuppress: 'unchanged',
    removeFromService: 'outOfService',
    returnToService: 'unchanged',
    inspect: refused('notLatched'),
  },
  latchedUnacknowledged: {
    activate: 'unchanged',
    escalate: 'latchedUnacknowledged',
    latch: 'latchedUnacknowledged',
    return: 'unchanged',
    acknowledge: 'latchedAcknowledged',
    shelve: refused('shelveRefused'),
    unshelve: 'unchanged',
    suppress: refused('latched'),
    unsuppress: 'unchanged',
    removeFromService: 'outOfService',
    returnToService: 'unchanged',
    inspect: refused('notAcknowledged'),
  },
  latchedAcknowledged: {
    activate: 'unchanged',
    escalate: 'latchedUnacknowledged',
    latch: 'latchedUnacknowledged',
    return: 'unchanged',
    acknowledge: 'unchanged',
    shelve: refused('shelveRefused'),
    unshelve: 'unchanged',
    suppress: refused('latched'),
    unsuppress: 'unchanged',
    removeFromService: 'outOfService',
    returnToService: 'unchanged',
    inspect: 'normal',
  },
  shelved: {
    activate: 'unchanged',
    escalate: 'unacknowledged',
    latch: 'latchedUnacknowledged',
    return: 'unchanged',
    acknowledge: refused('notAnnunciated'),
    shelve: refused('shelveRefused'),
    unshelve: 'asFound',
    suppress: 'suppressedByDesign',
    unsuppress: 'unchanged',
    removeFromService: 'outOfService',
    returnToService: 'unchanged',
    inspect: refused('notLatched'),
  },
  suppressedByDesign: {
    activate: 'unchanged',
    escalate: 'unacknowledged',
    latch: 'latchedUnacknowledged',
    return: 'unchanged',
    acknowledge: refused('notAnnunciated'),
    shelve: refused('shelveRefused'),
    unshelve: 'unchanged',
    suppress: 'unchanged',
    unsuppress: 'asFound',
    removeFromService: 'outOfService',
    returnToService: 'unchanged',
    inspect: refused('notAnnunciated'),
  },
  outOfService: {
    activate: 'unchanged',
    escalate: 'unchanged',
    latch: 'unchanged',
    return: 'unchanged',
    acknowledge: refused('notAnnunciated'),
    shelve: refused('shelveRefused'),
    unshelve: 'unchanged',
    suppress: refused('outOfService'),
    unsuppress: 'unchanged',
    removeFromService: 'unchanged',
    returnToService: 'asFound',
    inspect: refused('notAnnunciated'),
  },
};

/**
 * State of a condition that comes back into view. An active one sounds, whether or not it was acknowledged before:
 * nobody watched it meanwhile. An inactive one ends, unless somebody still owes it an acknowledgement.
 */
export function stateAsFound(found: {
  readonly active: boolean;
  readonly latching: boolean;
  readonly acknowledged: boolean;
  readonly owesAcknowledgement: boolean;
}): AlarmState {
  if (found.latching) return found.acknowledged ? 'latchedAcknowledged' : 'latchedUnacknowledged';
  if (found.active) return 'unacknowledged';
  return found.owesAcknowledgement ? 'returnedUnacknowledged' : 'normal';
}
