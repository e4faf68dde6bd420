import type { BoardVenue, CommissioningTest } from '@fengsui/protocol';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemNote } from '../api/problem-note.tsx';
import { useCentreNow } from '../format/age.tsx';
import { formatStopwatch } from '../format/duration.ts';
import { formatInstant } from '../format/instant.ts';
import { DialogForm } from '../shell/dialog-form.tsx';
import { commissioningApi } from './commissioning-api.ts';
import { TestPoints } from './test-points.tsx';
import { useCommissioningAct } from './use-commissioning-act.ts';

const DURATIONS_MIN = [30, 60, 120, 240] as const;
const EXTENSION_MIN = 30;

export type TestPanelProps = {
  readonly venue: BoardVenue;
  readonly test: CommissioningTest | undefined;
  readonly mayRun: boolean;
};

/** The newest test: what it means, how long it goes on, and every point. */
export function TestPanel({ venue, test, mayRun }: TestPanelProps) {
  const { t } = useTranslation();
  const isRunning = test !== undefined && test.endedAt === undefined;
  return (
    <section
      className={`panel test-panel${isRunning ? ' on-test' : ''}`}
      aria-labelledby="test-title"
      data-testid="test-panel"
    >
      <header>
        <h2 id="test-title">{t('commissioning.test')}</h2>
        {test === undefined ? (
          <span className="muted">{t('commissioning.neverTested')}</span>
        ) : (
          <span className="muted">
            {t('commissioning.startedBy', {
              at: formatInstant(test.startedAt),
              by: test.startedBy,
              reason: test.reason,
            })}
          </span>
        )}
      </header>
      <p className="muted why">{t('commissioning.testWhy')}</p>
      {isRunning ? <Running venueId={venue.id} test={test} mayRun={mayRun} /> : null}
      {test?.endedAt === undefined ? null : (
        <p data-testid="test-over">
          {t('commissioning.over', {
            at: formatInstant(test.endedAt),
            by: test.endedBy ?? t('commissioning.byItself'),
          })}
        </p>
      )}
      {!isRunning && mayRun && venue.life !== 'planned' ? <StartForm venueId={venue.id} /> : null}
      {test === undefined ? null : <TestPoints venueId={venue.id} test={test} mayRun={mayRun} />}
    </section>
  );
}

function StartForm({ venueId }: { readonly venueId: string }) {
  const { t } = useTranslation();
  const [minutes, setMinutes] = useState<number>(60);
  const [reason, setReason] = useState(() => t('commissioning.startReasonDefault'));
  const start = useCommissioningAct(() =>
    commissioningApi.startTest(venueId, minutes, reason.trim() || t('commissioning.startReasonDefault')),
  );
  return (
    <form
      className="start-test"
      onSubmit={(event) => {
        event.preventDefault();
        start.mutate(undefined);
      }}
    >
      <label className="field">
        {t('commissioning.minutes')}
        <select value={minutes} onChange={({ target }) => setMinutes(Number(target.value))}>
          {DURATIONS_MIN.map((n) => (
            <option key={n} value={n}>
              {t('commissioning.minutesOf', { n })}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        {t('commissioning.startReason')}
        <input maxLength={300} value={reason} onChange={({ target }) => setReason(target.value)} />
      </label>
      <button type="submit" className="primary" disabled={start.isPending} data-testid="start-test">
        {t('commissioning.start')}
      </button>
      {start.isError ? <ProblemNote error={start.error} /> : null}
    </form>
  );
}

type RunningProps = { readonly venueId: string; readonly test: CommissioningTest; readonly mayRun: boolean };

function Running({ venueId, test, mayRun }: RunningProps) {
  const { t } = useTranslation();
  const [isEnding, setEnding] = useState(false);
  const now = useCentreNow(1_000);
  const time = formatStopwatch(Date.parse(test.endsAt) - now);
  const extend = useCommissioningAct(() => commissioningApi.extendTest(venueId, test.id, EXTENSION_MIN));
  const end = useCommissioningAct(
    () => commissioningApi.endTest(venueId, test.id),
    () => setEnding(false),
  );
  return (
    <div className="running">
      <p role="status" className={test.isEndingSoon ? 'warn-words' : ''} data-testid="test-running">
        {test.isEndingSoon ? t('commissioning.endingSoon', { time }) : t('commissioning.running', { time })}
      </p>
      {mayRun ? (
        <span className="actions">
          <button type="button" disabled={extend.isPending} onClick={() => extend.mutate(undefined)}>
            {t('commissioning.extend', { n: EXTENSION_MIN })}
          </button>
          <button type="button" onClick={() => setEnding(true)} data-testid="end-test">
            {t('commissioning.end')}
          </button>
        </span>
      ) : null}
      {extend.isError ? <ProblemNote error={extend.error} /> : null}
      {isEnding ? (
        <DialogForm
          title={t('commissioning.endTitle')}
          submit={t('commissioning.end')}
          isBusy={end.isPending}
          error={end.error}
          missing={() => undefined}
          onSend={() => end.mutate(undefined)}
          onClose={() => setEnding(false)}
        >
          <p>{t('commissioning.endWords', { n: test.counts.open })}</p>
        </DialogForm>
      ) : null}
    </div>
  );
}
