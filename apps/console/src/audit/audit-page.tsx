import './audit.css';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { usePermission, useSession } from '../account/use-session.ts';
import { ProblemNote } from '../api/problem-note.tsx';
import { withSearch } from '../route/search-text.ts';
import { auditCsvPath, auditQueries, type AuditQuery } from './audit-api.ts';
import { AuditFilters } from './audit-filters.tsx';
import { AuditTable } from './audit-table.tsx';
import { ChainPanel } from './chain-panel.tsx';

/** Who did what, for the auditor alone. */
export function AuditPage() {
  const { t } = useTranslation();
  const session = useSession();
  const mayRead = usePermission('audit.read');
  if (session && !mayRead) return <p className="page">{t('audit.notAllowed', { role: t(`role.${session.role}`) })}</p>;
  return session ? <AuditBook /> : null;
}

function AuditBook() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const search = useSearch({ strict: false });
  const query: AuditQuery = {
    by: search.by,
    act: search.act,
    venueId: search.venueId,
    result: search.result,
    from: search.from,
    to: search.to,
  };
  const rows = useInfiniteQuery(auditQueries.rows(query));
  const shown = rows.data?.pages.flatMap(({ items }) => items) ?? [];
  const change = (changes: AuditQuery): void => {
    const isSame = Object.entries(changes).every(([name, value]) => query[name as keyof AuditQuery] === value);
    if (!isSame) void navigate({ to: '/audit', search: withSearch(search, changes), replace: true });
  };
  return (
    <div className="page audit">
      <div className="page-title">
        <h1>{t('audit.title')}</h1>
        <span className="muted">{t('audit.onRecord')}</span>
        <a className="button" href={auditCsvPath(query)} download="audit.csv" data-testid="audit-csv">
          {t('audit.csv')}
        </a>
      </div>
      <ChainPanel />
      <section className="panel" aria-label={t('audit.filters')}>
        <AuditFilters query={query} onChange={change} />
      </section>
      {rows.isError ? <ProblemNote error={rows.error} onRetry={() => void rows.refetch()} /> : null}
      {rows.isSuccess && shown.length === 0 ? <p className="panel empty">{t('audit.none')}</p> : null}
      {shown.length > 0 ? <AuditTable rows={shown} /> : null}
      <p className="audit-more">
        <button type="button" disabled={rows.isFetching} onClick={() => void rows.refetch()}>
          {t('audit.newer')}
        </button>
        {rows.hasNextPage ? (
          <button type="button" disabled={rows.isFetching} onClick={() => void rows.fetchNextPage()}>
            {t('audit.older')}
          </button>
        ) : null}
      </p>
    </div>
  );
}
