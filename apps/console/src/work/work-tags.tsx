import type { WorkOrder } from '@fengsui/protocol';
import { useTranslation } from 'react-i18next';

/** What is the matter with an order beside its state: late, and how often; the same fault once more. */
export function WorkTags({ order }: { readonly order: WorkOrder }) {
  const { t } = useTranslation();
  const { overdue, escalation, repeatCount } = order;
  return (
    <>
      {overdue ? (
        <span className="tag late">
          {escalation > 1 ? t('work.escalatedAgain', { n: escalation }) : t('work.escalated')}
        </span>
      ) : null}
      {repeatCount > 0 ? <span className="tag">{t('work.repeat', { n: repeatCount + 1 })}</span> : null}
    </>
  );
}
