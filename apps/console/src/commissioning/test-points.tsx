import type { CommissioningTest, TestOutcome, TestPoint } from '@fengsui/protocol';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemNote } from '../api/problem-note.tsx';
import { formatInstant } from '../format/instant.ts';
import type { Translate } from '../locale/i18n.ts';
import { kindName, pointName } from '../locale/words.ts';
import { DeviceName } from '../registry/device-name.tsx';
import { DialogForm } from '../shell/dialog-form.tsx';
import { commissioningApi } from './commissioning-api.ts';
import { useCommissioningAct } from './use-commissioning-act.ts';

/** Kinds that are named one by one; a terminal has a dozen. */
const MOST_KINDS = 3;
const FIRST = 200;

export type TestPointsProps = {
  readonly venueId: string;
  readonly test: CommissioningTest;
  readonly mayRun: boolean;
};

/** Every point of the test: what failed and what still waits first. */
export function TestPoints({ venueId, test, mayRun }: TestPointsProps) {
  const { t } = useTranslation();
  const [limit, setLimit] = useState(FIRST);
  const [ticking, setTicking] = useState<TestPoint>();
  const rearm = useCommissioningAct((point: TestPoint) => commissioningApi.rearm(venueId, test.id, point));
  const points = [...test.points].sort((a, b) => rankOf(a) - rankOf(b));
  const isRunning = test.endedAt === undefined;
  return (
    <div className="test-points">
      <h3>{t('commissioning.points')}</h3>
      <p data-testid="point-counts" data-open={test.counts.open} data-passed={test.counts.passed}>
        {t('commissioning.pointsOf', test.counts)}
      </p>
      {rearm.isError ? <ProblemNote error={rearm.error} /> : null}
      <table className="points">
        <thead>
          <tr>
            <th scope="col">{t('commissioning.device')}</th>
            <th scope="col">{t('commissioning.expects')}</th>
            <th scope="col">{t('commissioning.result')}</th>
            <th scope="col">{t('commissioning.time')}</th>
            <th scope="col" className="number" title={t('commissioning.toScreenWhy')}>
              {t('commissioning.toScreen')}
            </th>
            {mayRun ? (
              <th scope="col">
                <span className="visually-hidden">{t('contact.actions')}</span>
              </th>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {points.slice(0, limit).map((point) => (
            <tr
              key={`${point.deviceId}/${point.point}`}
              className={point.result?.outcome ?? 'open'}
              data-testid="test-point"
              data-device-id={point.deviceId}
              data-outcome={point.result?.outcome ?? 'open'}
            >
              <td data-label={t('commissioning.device')}>
                <span>
                  <DeviceName deviceId={point.deviceId} />
                  {point.point === '' ? null : <span className="sub muted"> {pointName(t, point.point)}</span>}
                </span>
              </td>
              <td data-label={t('commissioning.expects')}>{expectsWords(t, point)}</td>
              <td data-label={t('commissioning.result')}>
                <ResultWords point={point} />
              </td>
              <td data-label={t('commissioning.time')}>{formatInstant(point.result?.at)}</td>
              <td className="number" data-label={t('commissioning.toScreen')}>
                {point.result?.timeToScreenMs === undefined ? '–' : `${point.result.timeToScreenMs} ms`}
              </td>
              {mayRun ? (
                <td className="acts">
                  {point.result === undefined || point.result.outcome === 'failed' || point.result.how === 'hand' ? (
                    <button type="button" onClick={() => setTicking(point)}>
                      {t('commissioning.tick')}
                    </button>
                  ) : null}
                  {isRunning && point.result !== undefined ? (
                    <button type="button" disabled={rearm.isPending} onClick={() => rearm.mutate(point)}>
                      {t('commissioning.rearm')}
                    </button>
                  ) : null}
                </td>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="muted small">{t('commissioning.toScreenWhy')}</p>
      {points.length > limit ? (
        <button type="button" className="plain" onClick={() => setLimit(limit + FIRST)}>
          {t('commissioning.more', { n: points.length - limit })}
        </button>
      ) : null}
      {ticking ? (
        <TickDialog venueId={venueId} testId={test.id} point={ticking} onClose={() => setTicking(undefined)} />
      ) : null}
    </div>
  );
}

const rankOf = ({ result }: TestPoint): number =>
  result?.outcome === 'failed' ? 0 : result === undefined ? 1 : result.how === 'hand' ? 2 : 3;

function expectsWords(t: Translate, { expects, result }: TestPoint): string {
  if (result?.kind !== undefined) return kindName(t, result.kind);
  if (expects.length === 0 || expects.length > MOST_KINDS) return t('commissioning.anyAlarm');
  return expects.map((kind) => kindName(t, kind)).join(' / ');
}

function ResultWords({ point: { result } }: { readonly point: TestPoint }) {
  const { t } = useTranslation();
  if (result === undefined) return <b>{t('commissioning.waiting')}</b>;
  return (
    <span>
      <b className={result.outcome === 'failed' ? 'warn-words' : ''}>
        {result.outcome === 'passed' ? '✓ ' : '✗ '}
        {t(`commissioning.${result.outcome}`)}
      </b>{' '}
      {result.how === 'event' ? (
        <span className="muted">{t('commissioning.byEvent')}</span>
      ) : (
        <>
          <span className="tag">{t('commissioning.byHand', { by: result.by })}</span>{' '}
          <span className="sub muted">{result.reason}</span>
        </>
      )}
    </span>
  );
}

type TickDialogProps = {
  readonly venueId: string;
  readonly testId: string;
  readonly point: TestPoint;
  readonly onClose: () => void;
};

function TickDialog({ venueId, testId, point, onClose }: TickDialogProps) {
  const { t } = useTranslation();
  const [outcome, setOutcome] = useState<TestOutcome>('passed');
  const [reason, setReason] = useState('');
  const { deviceId, point: prefix } = point;
  const tick = useCommissioningAct(
    () => commissioningApi.tick(venueId, testId, { deviceId, point: prefix }, outcome, reason.trim()),
    onClose,
  );
  return (
    <DialogForm
      title={t('commissioning.tickTitle', { point: prefix === '' ? deviceId : `${deviceId} / ${prefix}` })}
      submit={t('commissioning.tick')}
      isBusy={tick.isPending}
      error={tick.error}
      missing={() => (reason.trim() === '' ? t('commissioning.reasonMissing') : undefined)}
      onSend={() => tick.mutate(undefined)}
      onClose={onClose}
    >
      <p>{t('commissioning.tickWhy')}</p>
      <label className="field">
        {t('commissioning.result')}
        <select value={outcome} onChange={({ target }) => setOutcome(target.value === 'failed' ? 'failed' : 'passed')}>
          <option value="passed">{t('commissioning.passed')}</option>
          <option value="failed">{t('commissioning.failed')}</option>
        </select>
      </label>
      <label className="field">
        {t('commissioning.reason')}
        <textarea maxLength={300} value={reason} onChange={({ target }) => setReason(target.value)} />
      </label>
    </DialogForm>
  );
}
