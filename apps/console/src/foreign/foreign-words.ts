import type { Translate } from '../locale/i18n.ts';
import { zh } from '../locale/zh.ts';

/** Why something waits; a reason of a newer centre is shown as it is. */
export function reasonWords(t: Translate, reason: string): string {
  return isReason(reason) ? t(`foreignSource.reason.${reason}`) : reason;
}

const isReason = (reason: string): reason is keyof typeof zh.foreignSource.reason =>
  Object.hasOwn(zh.foreignSource.reason, reason);
