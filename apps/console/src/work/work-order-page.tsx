import './work.css';
import type { WorkOrder } from '@fengsui/protocol';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { PriorityShape } from '../alarm/priority-pill.tsx';
import { usePlace } from '../alarm/use-place.ts';
import { isProblem } from '../api/problem.ts';
import { ProblemNote } from '../api/problem-note.tsx';
import { useCentreNow } from '../format/age.tsx';
import { formatInstant } from '../format/instant.ts';
import { useWorkFeed } from '../live/live-feed.tsx';
import { OriginTag } from '../shell/origin-mark.tsx';
import { DueClock } from './due-clock.tsx';
import { WorkActs } from './work-acts.tsx';
import { WorkEvidence } from './work-evidence.tsx';
import { WorkFaults } from './work-faults.tsx';
import { workQueries } from './work-resources.ts';
import { WorkTags } from './work-tags.tsx';
import { WorkTimeline } from './work-timeline.tsx';
import { faultWords, nextWords, reasonWords } from './work-words.ts';

/** One order: what is wrong, what comes next and who does it, the evidence, and everything that happened. */
export function WorkOrderPage() {
  const { t } = useTranslation();
  const { orderId = '' } = useParams({ strict: false });
  const queryClient = useQueryClient();
  const { queryKey, ...question } = workQueries.order(orderId);
  const asked = useQuery({ ...question, queryKey });
  const told = useWorkFeed().state.workOrders.get(orderId);
  const keep = (order: WorkOrder): void => {
    queryClient.setQueryData(queryKey, (before) =>
      before !== undefined && before.revision > order.revision ? before : order,
    );
  };
  useEffect(() => {
    if (told !== undefined)
      queryClient.setQueryData(queryKey, (before) =>
        before !== undefined && before.revision > told.revision ? before : told,
      );
  }, [told, queryClient, orderId]);
  if (asked.isError && asked.data === undefined)
    return (
      <div className="page">
        {isProblem(asked.error, 404) ? (
          <p className="panel empty">{t('work.notFound')}</p>
        ) : (
          <ProblemNote error={asked.error} onRetry={() => void asked.refetch()} />
        )}
      </div>
    );
  if (asked.data === undefined) return <p className="empty">{t('feed.loading')}…</p>;
  return <OrderDetail order={asked.data} onOrder={keep} />;
}

function OrderDetail({ order, onOrder }: { readonly order: WorkOrder; readonly onOrder: (order: WorkOrder) => void }) {
  const { t } = useTranslation();
  const place = usePlace(order);
  const now = useCentreNow(15_000);
  const { assignee, repeatOf, repeatCount, state } = order;
  return (
    <div className="page work-order" data-testid="work-order" data-state={state} data-revision={order.revision}>
      <div className="work-order-head">
        <Link to="/work-orders" className="muted">
          ‹ {t('work.all')}
        </Link>
        <h1>
          <span className={order.priority.toLowerCase()}>
            <PriorityShape alarm={order} />
          </span>{' '}
          {order.priority} · {faultWords(t, order)}
        </h1>
        <span className="work-order-tags">
          <span className="muted">{t('work.number', { n: order.number })}</span>
          <OriginTag origin={order.origin} />
          <DueClock order={order} />
          <WorkTags order={order} />
        </span>
      </div>
      <section className={`panel work-next ${state}`}>
        <p className="work-state" data-testid="work-state">
          {t(`work.state.${state}`)}
        </p>
        <p>{nextWords(t, order, now)}</p>
        {order.failedBecause !== undefined && state === 'failedVerification' ? (
          <p className="late">{t(`work.because.${order.failedBecause}`)}</p>
        ) : null}
        {order.reason === undefined ? null : <p>{reasonWords(t, order.reason)}</p>}
        <WorkActs order={order} onOrder={onOrder} />
      </section>
      <div className="work-columns">
        <div className="work-column">
          <section className="panel">
            <dl className="facts">
              <dt>{t('detail.venue')}</dt>
              <dd>
                <Link to="/venues/$venueId" params={{ venueId: order.venueId }}>
                  {place.venue}
                </Link>
              </dd>
              <dt>{t('work.device')}</dt>
              <dd>
                <Link to="/devices/$deviceId" params={{ deviceId: order.deviceId }}>
                  {place.spot}
                </Link>
              </dd>
              <dt>{t('work.assignee')}</dt>
              <dd>
                {assignee?.name ?? assignee?.id ?? t('work.nobody')}
                {order.workedBy !== undefined && order.workedBy !== assignee?.id ? ` · ${order.workedBy}` : ''}
              </dd>
              <dt>{t('work.due')}</dt>
              <dd>{formatInstant(order.dueAt)}</dd>
              <dt>{t('work.openedAt')}</dt>
              <dd>
                {formatInstant(order.openedAt)}{' '}
                <span className="muted">
                  {order.openedBy === undefined ? t('work.byRule') : t('work.by', { who: order.openedBy })}
                </span>
              </dd>
              {order.note === undefined ? null : (
                <>
                  <dt>{t('work.note')}</dt>
                  <dd>{order.note}</dd>
                </>
              )}
              {repeatOf === undefined ? null : (
                <>
                  <dt>{t('work.repeatOf')}</dt>
                  <dd>
                    <Link to="/work-orders/$orderId" params={{ orderId: repeatOf }}>
                      {t('work.repeat', { n: repeatCount })}
                    </Link>
                  </dd>
                </>
              )}
            </dl>
          </section>
          <WorkFaults order={order} />
          <WorkEvidence order={order} />
        </div>
        <WorkTimeline order={order} />
      </div>
    </div>
  );
}
