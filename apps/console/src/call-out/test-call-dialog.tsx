import type { Contact } from '@fengsui/protocol';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { problemWords } from '../api/problem-words.ts';
import { Modal } from '../shell/modal.tsx';
import { formatSpan } from '../work/span.ts';
import { CallOutLines, callOutStanding } from './call-out-lines.tsx';
import { callOutQueries, testCall } from './call-out-resources.ts';

/** Whether a person is reached: seen call by call until he answers. Closing it does not end the test. */
export function TestCallDialog({ contact, onClose }: { readonly contact: Contact; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const begin = useMutation({ mutationFn: () => testCall(contact.venueId, contact.id) });
  const asked = useQuery({ ...callOutQueries.one(begin.data?.id ?? ''), enabled: begin.data !== undefined });
  const callOut = asked.data ?? begin.data;
  const answered = callOut?.calls.find(({ answer }) => answer === 'coming');
  return (
    <Modal title={t('callOut.testTitle', { who: contact.name })} onClose={onClose}>
      <p className="muted">{t('callOut.testIntro')}</p>
      {callOut === undefined ? null : (
        <>
          <p
            role="status"
            data-testid="test-standing"
            className={callOut.state === 'unanswered' ? 'problem' : undefined}
          >
            {answered?.answeredAt !== undefined
              ? `✓ ${t('callOut.testDone', { span: formatSpan(Date.parse(answered.answeredAt) - Date.parse(callOut.openedAt)) })}`
              : callOut.state === 'unanswered'
                ? `! ${t('callOut.testFailed')}`
                : callOutStanding(t, callOut)}
          </p>
          <CallOutLines callOut={callOut} />
        </>
      )}
      {begin.isError ? (
        <p className="problem" role="alert">
          {problemWords(t, begin.error)}
        </p>
      ) : null}
      <div className="actions">
        <button type="button" onClick={onClose}>
          {t('callOut.close')}
        </button>
        <button
          type="button"
          className="primary"
          data-testid="begin-test-call"
          disabled={begin.isPending || callOut?.state === 'calling'}
          onClick={() => begin.mutate()}
        >
          {t(callOut === undefined ? 'callOut.testStart' : 'callOut.testAgain')}
        </button>
      </div>
    </Modal>
  );
}
