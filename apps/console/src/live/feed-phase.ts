/**
 * How far the screen can be trusted: `loading` (nothing known yet), `live`, `delayed` (a heartbeat is overdue or frames
 * arrive late), `disconnected` (what is shown is the state as of `lastFrameAt`).
 */
export type FeedPhase = 'loading' | 'live' | 'delayed' | 'disconnected';

/** The centre sends a heartbeat every second: one missed means delayed, two mean that nobody is heard. */
export const delayedAfterMs = 1_800;
export const disconnectedAfterMs = 2_500;
/** A line on which nothing was heard for so long is given up for another one. */
export const givenUpAfterMs = 6_000;
/** Frames that arrive this much later than the quickest one did: the feed lags behind the centre. */
export const laggingAfterMs = 3_000;

export type FeedFacts = {
  /** A frame has arrived on the connection that is open now. */
  readonly isConnected: boolean;
  /** At least one snapshot was received since the log-in. */
  readonly hasState: boolean;
  /** A connection was tried and failed since the log-in. */
  readonly hasFailed: boolean;
  /** Screen clock, epoch ms; undefined before the first frame. */
  readonly lastFrameAt: number | undefined;
  readonly lagMs: number;
};

/** The phase at `now` (screen clock, epoch ms). Never `live` on the word of an old frame. */
export function feedPhase(facts: FeedFacts, now: number): FeedPhase {
  if (!facts.hasState || facts.lastFrameAt === undefined) return facts.hasFailed ? 'disconnected' : 'loading';
  const silentMs = now - facts.lastFrameAt;
  if (!facts.isConnected || silentMs > disconnectedAfterMs) return 'disconnected';
  return silentMs > delayedAfterMs || facts.lagMs > laggingAfterMs ? 'delayed' : 'live';
}
