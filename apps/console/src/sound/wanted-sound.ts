import type { Alarm } from '@fengsui/protocol';
import { standingOf } from '../alarm/alarm-standing.ts';
import type { FeedPhase } from '../live/feed-phase.ts';

/** From the most urgent on. */
export const sounds = ['fire', 'feedLost', 'urgent', 'notice'] as const;
export type Sound = (typeof sounds)[number];

export type WantedSound = {
  readonly sound: Sound;
  /** False: only alarms of a simulation, a drill or a replay are behind it. */
  readonly isReal: boolean;
};

/** A person has heard it: until when it is silent, and what it was about. */
export type Silence = { readonly until: number; readonly reasons: ReadonlySet<string> };

export type SoundFacts = {
  readonly alarms: Iterable<Alarm>;
  readonly phase: FeedPhase;
  readonly silence: Silence | undefined;
  /** Screen clock, epoch ms. */
  readonly now: number;
};

/** Supervised: it sounds again by itself when nobody has acknowledged meanwhile. */
export const SILENCE_MS = 120_000;

const FEED_LOST = 'feedLost';

/**
 * What a seat must sound now; undefined: nothing. It sounds until the alarm is acknowledged, not only heard. What a
 * silence was not about breaks it: another alarm, the same one at a worse level, and fire of a second detector.
 */
export function wantedSound({ alarms, phase, silence, now }: SoundFacts): WantedSound | undefined {
  const isSilent = (reason: string): boolean =>
    silence !== undefined && now < silence.until && silence.reasons.has(reason);
  let wanted: WantedSound | undefined;
  for (const alarm of alarms) {
    const sound = soundOf(alarm);
    if (sound === undefined || isSilent(reasonOf(alarm))) continue;
    wanted = moreUrgent(wanted, { sound, isReal: alarm.origin === 'live' });
  }
  if (phase === 'disconnected' && !isSilent(FEED_LOST))
    wanted = moreUrgent(wanted, { sound: 'feedLost', isReal: true });
  return wanted;
}

/** Silences what there is now, and nothing that comes. */
export function silenceOf({ alarms, phase, now }: Omit<SoundFacts, 'silence'>): Silence {
  const reasons = new Set<string>();
  for (const alarm of alarms) if (soundOf(alarm) !== undefined) reasons.add(reasonOf(alarm));
  if (phase === 'disconnected') reasons.add(FEED_LOST);
  return { until: now + SILENCE_MS, reasons };
}

/** What is on test rings nobody; what has ended of itself waits on the screen, except a fire. */
function soundOf({ origin, state, category, priority }: Alarm): Sound | undefined {
  if (origin === 'test' || standingOf(state) !== 'unacknowledged') return undefined;
  if (category === 'fire') return 'fire';
  if (state === 'returnedUnacknowledged') return undefined;
  return priority === 'P3' || priority === 'P4' ? 'notice' : 'urgent';
}

/** Alarms of one cause are one reason, a fire is always its own. */
function reasonOf({ id, parentId, category, level, escalatedAt }: Alarm): string {
  if (category !== 'fire' && parentId !== undefined) return parentId;
  return `${id} ${level} ${escalatedAt ?? ''}`;
}

function moreUrgent(one: WantedSound | undefined, other: WantedSound): WantedSound {
  if (one === undefined) return other;
  const byUrgency = sounds.indexOf(one.sound) - sounds.indexOf(other.sound);
  if (byUrgency !== 0) return byUrgency < 0 ? one : other;
  return one.isReal ? one : other;
}
