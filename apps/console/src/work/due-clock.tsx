import { isClosedWorkOrder, type WorkOrder } from '@fengsui/protocol';
import { useTranslation } from 'react-i18next';
import { useCentreNow } from '../format/age.tsx';
import { formatSpan } from './span.ts';

/** How long there is to repair it, or how long it is late; nothing once somebody has repaired it. */
export function DueClock({ order }: { readonly order: WorkOrder }) {
  const { t } = useTranslation();
  const left = Date.parse(order.dueAt) - useCentreNow(1_000);
  if (order.state === 'repaired' || isClosedWorkOrder(order.state)) return null;
  const isLate = left < 0;
  return (
    <span className={`due${isLate ? ' late' : ''}`} data-testid="due">
      {isLate ? t('work.late', { time: formatSpan(-left) }) : t('work.left', { time: formatSpan(left) })}
    </span>
  );
}
