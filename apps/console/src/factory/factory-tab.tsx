import './factory.css';
import type { CalibrationRecord, Device, DeviceModel, EndOfLineRecord } from '@fengsui/protocol';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ProblemNote } from '../api/problem-note.tsx';
import { queries } from '../api/queries.ts';
import { formatInstant } from '../format/instant.ts';
import { formatNumber } from '../format/quantity.ts';
import { useNow } from '../format/use-now.ts';
import { currentLanguage } from '../locale/i18n.ts';
import { pointName } from '../locale/words.ts';
import { TableHead } from '../shell/table-head.tsx';
import { factoryQueries } from './factory-api.ts';

/** How a device left the factory, and what makes its samples into quantities. */
export function FactoryTab({ device }: { readonly device: Device }) {
  const { t } = useTranslation();
  const { id, serial, batchId, calibrationInUse } = device;
  const results = useQuery(factoryQueries.endOfLine(id));
  const calibrations = useQuery(factoryQueries.calibrations(id));
  const models = useQuery(queries.models());
  const rules = models.data?.find((model) => model.id === device.model)?.factory?.tests ?? [];
  return (
    <div className="factory-columns">
      <section className="panel" aria-labelledby="calibrations-title">
        <header>
          <h2 id="calibrations-title">{t('factory.calibration')}</h2>
          <span className="muted">
            {calibrationInUse === undefined
              ? t('factory.usesUnsaid')
              : calibrationInUse === 'none'
                ? t('factory.usesNone')
                : t('factory.uses', { id: calibrationInUse })}
          </span>
        </header>
        {calibrations.isError && !calibrations.data ? (
          <ProblemNote error={calibrations.error} onRetry={() => void calibrations.refetch()} />
        ) : null}
        {calibrations.data?.items.length === 0 ? <p className="empty">{t('factory.noCalibration')}</p> : null}
        {(calibrations.data?.items ?? []).map((calibration, index) => (
          <CalibrationView key={calibration.id} calibration={calibration} isNewest={index === 0} />
        ))}
      </section>
      <section className="panel" aria-labelledby="results-title">
        <header>
          <h2 id="results-title">{t('factory.endOfLine')}</h2>
          <span className="muted">
            {serial === undefined ? null : `${t('factory.serial')} ${serial} `}
            {batchId === undefined ? null : (
              <Link to="/factory/$batchId" params={{ batchId }}>
                {t('factory.batch')} {batchId}
              </Link>
            )}
          </span>
        </header>
        {results.isError && !results.data ? (
          <ProblemNote error={results.error} onRetry={() => void results.refetch()} />
        ) : null}
        {results.data?.items.length === 0 ? <p className="empty">{t('factory.noResult')}</p> : null}
        {(results.data?.items ?? []).map((record) => (
          <ResultView key={record.number} record={record} rules={rules} />
        ))}
      </section>
    </div>
  );
}

function CalibrationView({
  calibration,
  isNewest,
}: {
  readonly calibration: CalibrationRecord;
  readonly isNewest: boolean;
}) {
  const { t } = useTranslation();
  const now = useNow(60_000);
  const { id, calibratedAt, by, instrument, temperatureC, validUntil, channels, delivery } = calibration;
  const isOverdue = isNewest && validUntil !== undefined && Date.parse(validUntil) <= now;
  return (
    <details open={isNewest} className="calibration" data-testid="calibration" data-id={id}>
      <summary>
        <b>{id}</b> {formatInstant(calibratedAt)} · {by}{' '}
        {delivery === undefined ? null : (
          <span className={`tag${delivery.state === 'refused' ? ' warn' : ''}`} data-testid="delivery">
            {t(`factory.delivery.${delivery.state}`)}
          </span>
        )}
      </summary>
      {delivery?.detail ? <p className="muted">{t('factory.deviceSays', { detail: delivery.detail })}</p> : null}
      <p className="muted batch-facts">
        <span>
          {t('factory.instrument')} {instrument.serial}
        </span>
        <span>
          {t('factory.certificate')} {instrument.certificate}
        </span>
        {temperatureC === undefined ? null : <span>{formatNumber(temperatureC)} °C</span>}
        {validUntil === undefined ? null : (
          <span className={isOverdue ? 'warn-words' : ''}>
            {t('factory.validUntil')} {formatInstant(validUntil)} {isOverdue ? t('factory.overdue') : ''}
          </span>
        )}
      </p>
      <div className="table-scroll">
        <table>
          <TableHead
            columns={[
              t('factory.channel'),
              { number: t('factory.gain') },
              { number: t('factory.offset') },
              { number: t('factory.phase') },
              t('factory.reference'),
            ]}
          />
          <tbody>
            {channels.map(({ point, gain, offset, phaseUs, reference }) => (
              <tr key={point}>
                <td>{pointName(t, point)}</td>
                <td className="number mono">{gain.toFixed(5)}</td>
                <td className="number mono">{offset}</td>
                <td className="number mono">{phaseUs.toFixed(1)}</td>
                <td>{reference ?? '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

type Rules = NonNullable<DeviceModel['factory']>['tests'];

function ResultView({ record, rules }: { readonly record: EndOfLineRecord; readonly rules: Rules }) {
  const { t } = useTranslation();
  const { number, testedAt, by, result, note, tests, firmware } = record;
  return (
    <details open={number === 1 || result === 'fail'} className="calibration" data-testid="result">
      <summary>
        <b className={result === 'fail' ? 'warn-words' : ''}>{t(`factory.resultOf.${result}`)}</b>{' '}
        {t('factory.nth', { n: number })} · {formatInstant(testedAt)} · {by} {firmware ? `· ${firmware}` : ''}
      </summary>
      {note ? <p>{note}</p> : null}
      <div className="table-scroll">
        <table>
          <TableHead
            columns={[t('factory.test'), { number: t('factory.value') }, t('factory.limits'), t('factory.result')]}
          />
          <tbody>
            {tests.map(({ test, value, unit, min, max, passed }) => (
              <tr key={test}>
                <td>{rules.find(({ id }) => id === test)?.label?.[currentLanguage()] ?? test}</td>
                <td className="number mono">
                  {value} {unit}
                </td>
                <td className="mono">
                  {min === undefined && max === undefined ? '–' : `${min ?? '−∞'} … ${max ?? '∞'}`}
                </td>
                <td className={passed ? '' : 'warn-words'}>{t(`factory.resultOf.${passed ? 'pass' : 'fail'}`)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
