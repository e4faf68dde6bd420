import type { Alarm } from '@fengsui/protocol';

const DAY_MS = 86_400_000;

/** There for more than a day (ISA-18.2): somebody has got used to it. As the centre counts them in `alarm-figures`. */
export const isStaleAlarm = ({ clearedAt, raisedAt }: Pick<Alarm, 'clearedAt' | 'raisedAt'>, now: number): boolean =>
  clearedAt === undefined && now - Date.parse(raisedAt) > DAY_MS;
