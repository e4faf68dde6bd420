import './work.css';
import type { WorkOrder } from '@fengsui/protocol';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePermission, useSession } from '../account/use-session.ts';
import { ProblemNote } from '../api/problem-note.tsx';
import { useWorkFeed } from '../live/live-feed.tsx';
import { withSearch } from '../route/search-text.ts';
import { WorkCard } from './work-card.tsx';
import { groupWorkOrders, isInView, workViews, type WorkView } from './work-groups.ts';
import { workQueries } from './work-resources.ts';

/** Every order of the scope, by who has to act next; it changes while it is looked at. */
export function WorkPage() {
  const { t } = useTranslation();
  const session = useSession();
  const navigate = useNavigate();
  const search = useSearch({ strict: false });
  const isTechnician = usePermission('work.do') && !usePermission('work.assign');
  const view = workViews.find((name) => name === search.view) ?? (isTechnician ? 'mine' : 'open');
  const feed = useWorkFeed();
  const counts = useQuery(workQueries.counts());
  const closed = useQuery({ ...workQueries.closed(), enabled: view === 'closed' });
  /** Answers to one's own acts come before the feed tells of them. */
  const [answered, setAnswered] = useState<ReadonlyMap<string, WorkOrder>>(new Map());
  const orders = useMemo(() => {
    const known = new Map((closed.data ?? []).map((order) => [order.id, order]));
    for (const order of [...answered.values(), ...feed.state.workOrders.values()])
      if ((known.get(order.id)?.revision ?? 0) <= order.revision) known.set(order.id, order);
    return known;
  }, [closed.data, answered, feed.state.workOrders]);
  const groups = groupWorkOrders(orders.values(), view, session?.username);
  const sizeOf = (name: WorkView): number =>
    [...orders.values()].filter((order) => isInView(order, name, session?.username)).length;
  const isKnown = feed.phase !== 'loading' && (view !== 'closed' || closed.data !== undefined);
  const heldBack = counts.data?.heldBack ?? 0;
  return (
    <div className="page work-page">
      <div className="page-title">
        <h1>{t('work.title')}</h1>
        <div className="work-views" role="group" aria-label={t('work.viewLabel')}>
          {workViews.map((name) => (
            <button
              key={name}
              type="button"
              aria-pressed={name === view}
              data-testid={`view-${name}`}
              onClick={() =>
                void navigate({ to: '/work-orders', search: withSearch(search, { view: name }), replace: true })
              }
            >
              {t(`work.view.${name}`)} {name === 'closed' || !isKnown ? null : <b>{sizeOf(name)}</b>}
            </button>
          ))}
        </div>
      </div>
      {heldBack > 0 ? (
        <p className="panel work-held" role="status">
          {t('work.heldBack', { n: heldBack })}
        </p>
      ) : null}
      {closed.isError && view === 'closed' ? (
        <ProblemNote error={closed.error} onRetry={() => void closed.refetch()} />
      ) : null}
      {!isKnown ? <p className="empty">{t('feed.loading')}…</p> : null}
      {isKnown && groups.length === 0 ? (
        <p className="panel empty" data-testid="no-orders">
          {t(`work.empty.${view}`)}
        </p>
      ) : null}
      {groups.map(({ name, orders: found }) => (
        <section key={name} aria-labelledby={`group-${name}`}>
          <h2 id={`group-${name}`}>
            {t(`work.group.${name}`)} <span className="muted">{found.length}</span>
          </h2>
          <ul className="work-list">
            {found.map((order) => (
              <WorkCard
                key={order.id}
                order={order}
                onOrder={(now) => setAnswered((before) => new Map(before).set(now.id, now))}
              />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
