import './factory.css';
import type { Batch } from '@fengsui/protocol';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { usePermission, useSession } from '../account/use-session.ts';
import { ProblemNote } from '../api/problem-note.tsx';
import { formatInstant } from '../format/instant.ts';
import { formatCount } from '../format/quantity.ts';
import { TableHead } from '../shell/table-head.tsx';
import { BatchImport } from './batch-import.tsx';
import { factoryQueries } from './factory-api.ts';

/** Factory batches: what came off the line and how far it has come. */
export function FactoryPage() {
  const { t } = useTranslation();
  const session = useSession();
  const mayRead = usePermission('factory.read');
  const mayWrite = usePermission('factory.write');
  const batches = useQuery({ ...factoryQueries.batches(), enabled: mayRead });
  if (session && !mayRead)
    return <p className="page">{t('factory.notAllowed', { role: t(`role.${session.role}`) })}</p>;
  return (
    <div className="page factory-page">
      <div className="page-title">
        <h1>{t('factory.title')}</h1>
        <span className="muted">{t('factory.intro')}</span>
      </div>
      {mayWrite ? <BatchImport /> : null}
      <section className="panel" aria-labelledby="batches-title">
        <header>
          <h2 id="batches-title">{t('factory.batches')}</h2>
        </header>
        {batches.isError && !batches.data ? (
          <ProblemNote error={batches.error} onRetry={() => void batches.refetch()} />
        ) : batches.data === undefined ? (
          <p className="empty">{t('feed.loading')}…</p>
        ) : batches.data.length === 0 ? (
          <p className="empty" data-testid="no-batches">
            {t(mayWrite ? 'factory.noneImport' : 'factory.none')}
          </p>
        ) : (
          <div className="table-scroll">
            <table className="batch-table">
              <TableHead
                columns={[
                  t('factory.batch'),
                  t('factory.model'),
                  t('factory.produced'),
                  { number: t('factory.devices') },
                  { number: t('factory.passed') },
                  { number: t('factory.failed') },
                  { number: t('factory.inStock') },
                  { number: t('factory.installed') },
                  { number: t('factory.overdue') },
                ]}
              />
              <tbody>
                {batches.data.map((batch) => (
                  <BatchRow key={batch.id} batch={batch} />
                ))}
              </tbody>
            </table>
          </div>
        )}
      </section>
    </div>
  );
}

function BatchRow({ batch }: { readonly batch: Batch }) {
  const { t } = useTranslation();
  const {
    id,
    model,
    producedAt,
    by,
    deviceCount,
    passedCount,
    failedCount,
    inStockCount,
    installedCount,
    overdueCount,
  } = batch;
  const counted = (word: string, count: number, warns = false) => (
    <td className={`number${warns && count > 0 ? ' warn-words' : count === 0 ? ' muted' : ''}`} data-label={word}>
      {formatCount(count)}
    </td>
  );
  return (
    <tr data-testid="batch-row" data-batch={id}>
      <td>
        <Link to="/factory/$batchId" params={{ batchId: id }}>
          {id}
        </Link>
      </td>
      <td data-label={t('factory.model')}>{model}</td>
      <td data-label={t('factory.produced')}>
        {formatInstant(producedAt)} <span className="muted">{by}</span>
      </td>
      {counted(t('factory.devices'), deviceCount)}
      {counted(t('factory.passed'), passedCount)}
      {counted(t('factory.failed'), failedCount, true)}
      {counted(t('factory.inStock'), inStockCount)}
      {counted(t('factory.installed'), installedCount)}
      {counted(t('factory.overdue'), overdueCount, true)}
    </tr>
  );
}
