import type { WorkOrder } from '@fengsui/protocol';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { PriorityShape } from '../alarm/priority-pill.tsx';
import { usePlace } from '../alarm/use-place.ts';
import { useCentreNow } from '../format/age.tsx';
import { OriginTag } from '../shell/origin-mark.tsx';
import { DueClock } from './due-clock.tsx';
import { WorkTags } from './work-tags.tsx';
import { faultWords, nextWords } from './work-words.ts';
import { QuickAct } from './work-acts.tsx';

/** One order of the list: what, where, how long, who, what next; the next act of the field is one tap away. */
export function WorkCard({
  order,
  onOrder,
}: {
  readonly order: WorkOrder;
  readonly onOrder: (order: WorkOrder) => void;
}) {
  const { t } = useTranslation();
  const place = usePlace(order);
  const now = useCentreNow(15_000);
  const { number, faultCount, assignee, overdue, state } = order;
  return (
    <li
      className={`work-card ${order.priority.toLowerCase()}${overdue ? ' overdue' : ''}`}
      data-testid="work-card"
      data-number={number}
      data-state={state}
    >
      <Link to="/work-orders/$orderId" params={{ orderId: order.id }} className="work-card-link">
        <span className="work-card-head">
          <span className="work-priority">
            <PriorityShape alarm={order} /> {order.priority}
          </span>
          <b>{faultWords(t, order)}</b>
          {faultCount > 1 ? <span className="tag">{t('work.times', { n: faultCount })}</span> : null}
          <OriginTag origin={order.origin} />
          <DueClock order={order} />
        </span>
        <span className="work-card-place">{place.venue}</span>
        <span className="muted">{place.spot}</span>
        <span className="work-card-foot">
          <span className="muted">{t('work.number', { n: number })}</span>
          <span>{t(`work.state.${state}`)}</span>
          {assignee === undefined ? null : <span>{assignee.name ?? assignee.id}</span>}
          <WorkTags order={order} />
        </span>
        {state === 'repaired' ? <span className="muted">{nextWords(t, order, now)}</span> : null}
      </Link>
      <QuickAct order={order} onOrder={onOrder} />
    </li>
  );
}
