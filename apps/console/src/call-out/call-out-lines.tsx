import './call-out.css';
import type { CallOut, CallOutCall } from '@fengsui/protocol';
import { useTranslation } from 'react-i18next';
import { formatInstant } from '../format/instant.ts';
import type { Translate } from '../locale/i18n.ts';
import { formatSpan } from '../work/span.ts';

/** What was tried to reach people, call by call, and what came of each. */
export function CallOutLines({ callOut }: { readonly callOut: CallOut }) {
  const { t } = useTranslation();
  return (
    <ul className="call-lines" data-testid="call-out" data-state={callOut.state}>
      {callOut.calls.map((call) => (
        <li key={call.number} data-testid="call" data-channel={call.channel} className={call.answer ?? call.state}>
          <time>{formatInstant(call.madeAt)}</time>
          <span>
            {nameIn(t, callOut, call.contactId)} · {t(`callOut.channel.${call.channel}`)}
          </span>
          <span>{callWords(t, callOut, call)}</span>
        </li>
      ))}
    </ul>
  );
}

/** How it stands as a whole, in one line. */
export function callOutStanding(t: Translate, callOut: CallOut): string {
  const { state, ended, heldBack, answeredBy = '' } = callOut;
  switch (state) {
    case 'answered':
      return t('callOut.state.answered', { who: nameIn(t, callOut, answeredBy) });
    case 'ended':
      return t('callOut.state.ended', { why: ended === undefined ? '' : t(`callOut.ended.${ended}`) });
    case 'heldBack':
      return t('callOut.state.heldBack', { why: heldBack === undefined ? '' : t(`callOut.heldBack.${heldBack}`) });
    case 'calling':
    case 'unanswered':
      return t(`callOut.state.${state}`);
  }
}

/** Names are for who may read contacts. */
const nameIn = (t: Translate, { people }: CallOut, contactId: string): string =>
  people.find((person) => person.contactId === contactId)?.name ?? t('callOut.somebody');

function callWords(
  t: Translate,
  { incidentId }: CallOut,
  { state, reason = '', answer, answeredAt = '', sentAt, madeAt }: CallOutCall,
): string {
  if (answer === undefined)
    return state === 'failed' ? t('callOut.call.failed', { why: reason }) : t(`callOut.call.${state}`);
  const span = formatSpan(Date.parse(answeredAt) - Date.parse(sentAt ?? madeAt));
  return t(incidentId === undefined ? `callOut.testCall.${answer}` : `callOut.call.${answer}`, { span });
}
