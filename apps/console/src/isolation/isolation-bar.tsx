import './isolation.css';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { usePermission } from '../account/use-session.ts';
import { formatClock } from '../format/instant.ts';
import { isolationQueries } from './isolation-api.ts';

/** On every page while something is isolated: how much, until when, and whether fire was kept from the queue. */
export function IsolationBar() {
  const { t } = useTranslation();
  const mayRead = usePermission('alarm.read');
  const { data = [] } = useQuery({ ...isolationQueries.open(), enabled: mayRead });
  const active = data.filter(({ state }) => state === 'active');
  const askedCount = data.length - active.length;
  if (data.length === 0) return null;
  const fireCount = active.reduce((sum, one) => sum + (one.kind === 'isolated' ? one.hiddenFireNow : 0), 0);
  const [next] = active;
  return (
    <p
      className={fireCount > 0 ? 'isolation-bar hides-fire' : 'isolation-bar'}
      role={fireCount > 0 ? 'alert' : 'status'}
      data-testid="isolation-bar"
    >
      <Link to="/isolations">
        {next === undefined
          ? null
          : t('isolation.bar', {
              n: active.length,
              devices: active.reduce((sum, { detectorCount }) => sum + detectorCount, 0),
              until: formatClock(next.until),
            })}
        {fireCount > 0 ? <b> {t('isolation.barFire', { n: fireCount })}</b> : null}
        {askedCount > 0 ? ` ${t('isolation.barAsked', { n: askedCount })}` : null}
      </Link>
    </p>
  );
}
