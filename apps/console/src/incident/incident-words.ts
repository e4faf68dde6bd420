import { type IncidentStep, procedureSteps, type ProcedureStep } from '@fengsui/protocol';
import { formatInstant } from '../format/instant.ts';
import { formatSpan } from '../work/span.ts';
import { isKeyOf } from '../locale/is-key-of.ts';
import type { Translate } from '../locale/i18n.ts';
import { kindName } from '../locale/words.ts';
import { zh } from '../locale/zh.ts';

const isStep = (name: string): name is ProcedureStep => procedureSteps.some((step) => step === name);

export const procedureStepName = (t: Translate, step: string): string =>
  isStep(step) ? t(`incident.procedure.${step}`) : step;

/** One line of the history. */
export function incidentStepWords(t: Translate, { kind, detail = {}, to }: IncidentStep): string {
  const text = (name: string): string => {
    const value = detail[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  /** Left out for who may not read contacts. */
  const who = text('whom') || text('answeredBy');
  const named = who === '' ? '' : ` · ${who}`;
  switch (kind) {
    case 'opened':
      if (detail['byHand'] === true) {
        const happenedAt = text('happenedAt');
        return happenedAt === ''
          ? t('incident.step.openedByHand')
          : t('incident.step.openedLate', { time: formatInstant(happenedAt) });
      }
      return t('incident.step.opened', { what: kindName(t, text('kind')) });
    case 'joined':
    case 'reopened':
      return t(`incident.step.${kind}`, { what: kindName(t, text('kind')) });
    case 'offered':
      return t('incident.step.offered', { who: text('to') });
    case 'called':
      return `${t('incident.step.called')}${named} · ${outcomeName(t, text('outcome'))}`;
    case 'sent':
    case 'arrived':
    case 'told':
      return `${t(`incident.step.${kind}`)}${named}`;
    case 'verified':
      return t('incident.step.verified', { what: verdictName(t, text('verdict')), how: meansName(t, text('means')) });
    case 'reported': {
      const why = text('heldBack');
      const held = why === '' ? '' : ` · ${t(`incident.heldBack.${why === 'typedLate' ? why : 'origin'}`)}`;
      return `${t('incident.step.reported', { what: messageName(t, text('messageKind')) })}${held}`;
    }
    case 'noted': {
      const happenedAt = text('happenedAt');
      return happenedAt === ''
        ? t('incident.step.noted')
        : t('incident.step.notedLate', { time: formatInstant(happenedAt) });
    }
    case 'fileAdded':
      return `${t('incident.step.fileAdded')}${text('name') === '' ? '' : ` · ${text('name')}`}`;
    case 'reportDelivered':
      return t('incident.step.reportDelivered', { receipt: text('receipt') });
    case 'reportFailed':
      return t('incident.step.reportFailed', { n: text('failedCount'), why: text('reason') });
    case 'reportHeldBack':
      return t('incident.heldBack.noChannel');
    case 'calledOut':
      return text('outcome') === 'answered'
        ? `${t('callOut.step.answered')}${named}`
        : t('callOut.step.unanswered', { n: text('callCount') });
    case 'late':
      return t('incident.step.late', {
        what: procedureStepName(t, text('step')),
        limit: formatSpan(Number(text('limitMs'))),
      });
    case 'closed':
      return t('incident.step.closed', { what: causeName(t, text('cause')), state: t(`incident.state.${to}`) });
    default:
      return t(`incident.step.${kind}`);
  }
}

const { outcome, verdict, means, cause, message } = zh.incident;
const outcomeName = (t: Translate, code: string): string =>
  isKeyOf(outcome, code) ? t(`incident.outcome.${code}`) : code;
const messageName = (t: Translate, code: string): string =>
  isKeyOf(message, code) ? t(`incident.message.${code}`) : code;
const verdictName = (t: Translate, code: string): string =>
  isKeyOf(verdict, code) ? t(`incident.verdict.${code}`) : code;
const meansName = (t: Translate, code: string): string => (isKeyOf(means, code) ? t(`incident.means.${code}`) : code);
const causeName = (t: Translate, code: string): string => (isKeyOf(cause, code) ? t(`incident.cause.${code}`) : code);
