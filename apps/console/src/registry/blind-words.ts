import type { Translate } from '../locale/i18n.ts';
import { zh } from '../locale/zh.ts';

type Known = keyof typeof zh.blind.reasons;
const isKnown = (reason: string): reason is Known => Object.hasOwn(zh.blind.reasons, reason);

/** Why a detector is blind; a reason of a newer centre as it is named. */
export const reasonWord = (t: Translate, reason: string): string =>
  isKnown(reason) ? t(`blind.reasons.${reason}`) : reason;

/** What to do about it; nothing for a reason that is not known here. */
export const remedyWord = (t: Translate, reason: string): string => (isKnown(reason) ? t(`blind.todo.${reason}`) : '–');
