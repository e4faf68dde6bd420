import type { WorkOrder, WorkOrderStep } from '@fengsui/protocol';
import { formatInstant, formatNear } from '../format/instant.ts';
import type { Translate } from '../locale/i18n.ts';
import { kindName } from '../locale/words.ts';
import { zh } from '../locale/zh.ts';

/** What is wrong, in a few words: the kinds of its faults, or that a detector is blind. */
export function faultWords(t: Translate, { faults, blindReasons }: WorkOrder): string {
  const kinds = [...new Set(faults.map(({ kind }) => kind))].map((kind) => kindName(t, kind));
  return [...kinds, ...(blindReasons === undefined ? [] : [t('work.blind')])].join(' · ');
}

/** What has to happen next, and who has to do it. */
export function nextWords(t: Translate, order: WorkOrder, now: number): string {
  const { state, verification, assignee } = order;
  if (state !== 'repaired') return t(`work.next.${state}`, { who: assignee?.name ?? assignee?.id ?? '' });
  const waits = verification?.waitingFor ?? 'firstReport';
  const at = waits === 'time' ? verification?.readyAt : verification?.untilAt;
  return t(`work.next.${waits}`, { time: formatNear(at, now) });
}

/** One line of the history. */
export function stepWords(
  t: Translate,
  { kind, detail = {} }: WorkOrderStep,
  causeName: (code: string) => string,
): string {
  const text = (name: string): string => {
    const value = detail[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  switch (kind) {
    case 'joined':
    case 'faultCleared':
      return t(`work.step.${kind}`, { what: kindName(t, text('kind')) });
    case 'assigned': {
      const assignee = detail['assignee'] as { readonly id?: string; readonly name?: string } | undefined;
      return t('work.step.assigned', { who: assignee?.name ?? assignee?.id ?? '' });
    }
    case 'repaired':
      return t('work.step.repaired', { what: causeName(text('cause')) });
    case 'verificationFailed':
      return t('work.step.verificationFailed', { what: becauseWords(t, text('because')) });
    case 'overdue':
      return t('work.step.overdue', { n: text('escalation') });
    case 'postponed':
      return t('work.step.postponed', { time: formatInstant(Number(text('dueAt'))) });
    default:
      return t(`work.step.${kind}`);
  }
}

const isBecause = (code: string): code is keyof typeof zh.work.because => Object.hasOwn(zh.work.because, code);

export const becauseWords = (t: Translate, code: string): string =>
  isBecause(code) ? t(`work.because.${code}`) : code;

/** The centre's own reasons have words; what a person wrote stands as it is. */
export const reasonWords = (t: Translate, reason: string): string =>
  reason === 'clearedByItself' ? t('work.clearedByItself') : reason;
