import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePermission } from '../account/use-session.ts';
import { ProblemNote } from '../api/problem-note.tsx';
import { queries } from '../api/queries.ts';
import { formatInstant } from '../format/instant.ts';
import { EraseLoadHistory } from './erase-load-history.tsx';

/** For whose venue it is: who looked at what is switched on there, when and why. */
export function LoadHistoryReaders({ venueId }: { readonly venueId: string }) {
  const { t } = useTranslation();
  const mayErase = usePermission('privacy.erase');
  const { data, error, isError, refetch } = useQuery(queries.loadHistoryReasons(venueId));
  return (
    <section className="panel" aria-labelledby="load-readers">
      <header>
        <h2 id="load-readers">{t('loadHistory.readers')}</h2>
        {mayErase ? <EraseLoadHistory venueId={venueId} /> : null}
      </header>
      {isError && data === undefined ? <ProblemNote error={error} onRetry={() => void refetch()} /> : null}
      {data?.length === 0 ? <p className="empty">{t('loadHistory.nobody')}</p> : null}
      {data === undefined || data.length === 0 ? null : (
        <ul className="load-events" data-testid="load-readers">
          {data.map(({ id, by, role, reason, at }) => (
            <li key={id}>
              <span className="mono muted">{formatInstant(at)}</span>
              <b>{by}</b>
              <span className="muted">{t(`role.${role}`)}</span>
              <span>{reason}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
