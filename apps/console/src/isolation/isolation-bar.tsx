import './isolation.css';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { formatClock } from '../format/instant.ts';
import { useLiveView } from '../live/live-feed.tsx';
import { openIsolations } from './open-isolations.ts';

/** On every page and wall while something is isolated: how much, until when, and whether fire was kept from the queue. */
export function IsolationBar({ isWall = false }: { readonly isWall?: boolean }) {
  const { t } = useTranslation();
  const { state } = useLiveView();
  const open = openIsolations(state.isolations);
  const active = open.filter(({ state: standing }) => standing === 'active');
  const askedCount = open.length - active.length;
  const soonCount = active.filter(({ isEndingSoon }) => isEndingSoon).length;
  if (open.length === 0) return null;
  const fireCount = active.reduce((sum, one) => sum + (one.kind === 'isolated' ? one.hiddenFireNow : 0), 0);
  const [next] = active;
  const words = (
    <>
      {next === undefined
        ? null
        : t('isolation.bar', {
            n: active.length,
            devices: active.reduce((sum, { detectorCount }) => sum + detectorCount, 0),
            until: formatClock(next.until),
          })}
      {soonCount > 0 ? ` ${t('isolation.barSoon', { n: soonCount })}` : null}
      {fireCount > 0 ? <b> {t('isolation.barFire', { n: fireCount })}</b> : null}
      {askedCount > 0 ? ` ${t('isolation.barAsked', { n: askedCount })}` : null}
    </>
  );
  return (
    <p
      className={fireCount > 0 ? 'isolation-bar hides-fire' : 'isolation-bar'}
      role={fireCount > 0 ? 'alert' : 'status'}
      data-testid="isolation-bar"
    >
      {/* Nobody clicks on a wall. */}
      {isWall ? words : <Link to="/isolations">{words}</Link>}
    </p>
  );
}
