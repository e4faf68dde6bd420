import type { Translate } from '../locale/i18n.ts';
import { zh } from '../locale/zh.ts';
import { isProblem } from './problem.ts';

/** Refusals an operator meets, said in the language of the screen; the API's words stand behind them. */
const refusals = ['shelveRefused', 'alarmEnded', 'accountExists', 'invalidAccount'] as const;
const isRefusal = (code: string): code is (typeof refusals)[number] => refusals.some((known) => known === code);

const isRegistryRefusal = (code: string): code is keyof typeof zh.refusal => Object.hasOwn(zh.refusal, code);

/** What went wrong and what to do, in the language of the screen. The API's own detail stays for refusals. */
export function problemWords(t: Translate, error: unknown): string {
  if (!isProblem(error)) return error instanceof Error ? error.message : String(error);
  const { status, code, detail } = error;
  if (code === 'timeout') return t('problem.timeout');
  if (code === 'unreachable') return t('problem.unreachable');
  if (code === 'centreAway' || code === 'standby') return t('problem.centreAway');
  if (code === 'centreSilent') return t('problem.centreSilent');
  if (isRegistryRefusal(code)) return t(`refusal.${code}`, { detail });
  if (status === 403) return t('problem.forbidden');
  if (status === 404) return t('problem.notFound');
  if (status === 429) return t('problem.tooMany');
  if (status >= 500) return t('problem.server', { code });
  return isRefusal(code) ? t(`problem.refused.${code}`, { detail }) : t('problem.other', { detail, code });
}
