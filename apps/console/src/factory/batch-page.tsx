import './factory.css';
import type { BatchDevice } from '@fengsui/protocol';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePermission } from '../account/use-session.ts';
import { isProblem } from '../api/problem.ts';
import { ProblemNote } from '../api/problem-note.tsx';
import { LabelDialog } from '../commissioning/label-dialog.tsx';
import { formatInstant } from '../format/instant.ts';
import { formatCount } from '../format/quantity.ts';
import type { Translate } from '../locale/i18n.ts';
import { TableHead } from '../shell/table-head.tsx';
import { factoryQueries } from './factory-api.ts';

const SHOWN_AT_FIRST = 200;

/** One factory batch with its devices. */
export function BatchPage() {
  const { t } = useTranslation();
  const { batchId = '' } = useParams({ strict: false });
  const mayManage = usePermission('device.manage');
  const batch = useQuery(factoryQueries.batch(batchId));
  const devices = useQuery(factoryQueries.devices(batchId));
  const [shown, setShown] = useState(SHOWN_AT_FIRST);
  const [isPrinting, setPrinting] = useState(false);
  if (batch.isError && !batch.data)
    return (
      <div className="page">
        <h1>{t('factory.batch')}</h1>
        {isProblem(batch.error, 404) ? (
          <p>{t('factory.notFound', { id: batchId })}</p>
        ) : (
          <ProblemNote error={batch.error} onRetry={() => void batch.refetch()} />
        )}
      </div>
    );
  if (!batch.data) return <p className="page">{t('feed.loading')}…</p>;
  const { id, model, producedAt, by, createdAt, createdBy, note, venueId } = batch.data;
  const list = devices.data ?? [];
  const stocked = list.filter(({ result, life }) => result === 'pass' && life === 'inStock');
  return (
    <div className="page factory-page">
      <div className="page-title">
        <h1>
          {t('factory.batch')} {id}
        </h1>
        <span className="end life-acts">
          {mayManage && stocked.length > 0 ? (
            <button type="button" data-testid="batch-labels" onClick={() => setPrinting(true)}>
              {t('factory.labels', { n: formatCount(stocked.length) })}
            </button>
          ) : null}
        </span>
      </div>
      <p className="muted batch-facts">
        <span>{model}</span>
        <span>
          {t('factory.produced')} {formatInstant(producedAt)} · {by}
        </span>
        <span>
          {t('factory.created')} {formatInstant(createdAt)} · {createdBy}
        </span>
        <span>
          {t('factory.lies')}{' '}
          <Link to="/venues/$venueId" params={{ venueId }}>
            {venueId}
          </Link>
        </span>
        {note ? <span>{note}</span> : null}
      </p>
      <ul className="batch-counts">
        <Count word={t('factory.devices')} n={batch.data.deviceCount} />
        <Count word={t('factory.passed')} n={batch.data.passedCount} />
        <Count word={t('factory.failed')} n={batch.data.failedCount} warns />
        <Count word={t('factory.inStock')} n={batch.data.inStockCount} />
        <Count word={t('factory.installed')} n={batch.data.installedCount} />
        <Count word={t('factory.overdue')} n={batch.data.overdueCount} warns />
      </ul>
      <section className="panel" aria-label={t('factory.devices')}>
        {devices.isError && !devices.data ? (
          <ProblemNote error={devices.error} onRetry={() => void devices.refetch()} />
        ) : devices.data === undefined ? (
          <p className="empty">{t('feed.loading')}…</p>
        ) : (
          <div className="table-scroll">
            <table className="batch-table">
              <TableHead
                columns={[
                  t('factory.serial'),
                  t('factory.result'),
                  t('factory.testedAt'),
                  t('factory.life'),
                  t('factory.calibration'),
                  t('factory.validUntil'),
                ]}
              />
              <tbody>
                {list.slice(0, shown).map((device) => (
                  <DeviceRow key={device.deviceId} device={device} />
                ))}
              </tbody>
            </table>
            {list.length > shown ? (
              <p className="life-acts">
                <button type="button" onClick={() => setShown(shown + SHOWN_AT_FIRST)}>
                  {t('factory.more', { shown: formatCount(shown), all: formatCount(list.length) })}
                </button>
              </p>
            ) : null}
          </div>
        )}
      </section>
      {isPrinting ? (
        <LabelDialog
          deviceCount={stocked.length}
          order={{ deviceIds: stocked.map(({ deviceId }) => deviceId) }}
          onClose={() => setPrinting(false)}
        />
      ) : null}
    </div>
  );
}

function Count({ word, n, warns = false }: { readonly word: string; readonly n: number; readonly warns?: boolean }) {
  return (
    <li className={warns && n > 0 ? 'warn-words' : ''}>
      <b>{formatCount(n)}</b> {word}
    </li>
  );
}

function DeviceRow({ device }: { readonly device: BatchDevice }) {
  const { t } = useTranslation();
  const {
    deviceId,
    serial,
    result,
    resultCount,
    testedAt,
    life,
    firmware,
    calibrationVersion,
    validUntil,
    overdue,
    calibrationInUse,
  } = device;
  return (
    <tr data-testid="batch-device" data-device={deviceId}>
      <td>
        <Link to="/devices/$deviceId" params={{ deviceId }} search={{ tab: 'factory' }}>
          {serial}
        </Link>{' '}
        {serial === deviceId ? null : <span className="muted">{deviceId}</span>}
      </td>
      <td data-label={t('factory.result')}>
        <span className={result === 'fail' ? 'warn-words' : ''}>{t(`factory.resultOf.${result}`)}</span>
        {resultCount > 1 ? <span className="muted"> {t('factory.nth', { n: resultCount })}</span> : null}
      </td>
      <td data-label={t('factory.testedAt')}>
        {formatInstant(testedAt)} {firmware ? <span className="muted">{firmware}</span> : null}
      </td>
      <td data-label={t('factory.life')}>{t(`life.state.${life}`)}</td>
      <td data-label={t('factory.calibration')}>
        {calibrationVersion === undefined ? (
          <span className="muted">{t('factory.notCalibrated')}</span>
        ) : (
          t('factory.version', { n: calibrationVersion })
        )}
        {calibrationInUse === undefined ? null : <span className="muted"> · {inUseWords(t, calibrationInUse)}</span>}
      </td>
      <td data-label={t('factory.validUntil')} className={overdue === true ? 'warn-words' : ''}>
        {validUntil === undefined ? '–' : formatInstant(validUntil)} {overdue === true ? t('factory.overdue') : ''}
      </td>
    </tr>
  );
}

const inUseWords = (t: Translate, used: string): string =>
  used === 'none' ? t('factory.usesNone') : t('factory.uses', { id: used });
