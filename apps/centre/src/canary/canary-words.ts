/** What the feed tells the canary's own seat; nobody else hears it. */
export type CanaryAlarm = { readonly round: number; readonly alarmId: string };

/** An entry of its own, no timer: the canary has not come through for some rounds, or does again. */
export type CanaryNews = { readonly kind: 'canary'; readonly state: 'missed' | 'back'; readonly rounds: number };
