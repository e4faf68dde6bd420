import { isClosedWorkOrder, type Alarm } from '@fengsui/protocol';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { usePermission } from '../account/use-session.ts';
import { OpenWorkButton } from './open-work-button.tsx';
import { workQueries } from './work-resources.ts';

/** From an alarm to its work order, or a new one: on the alarms that somebody has to repair. */
export function AlarmWork({ alarm }: { readonly alarm: Alarm }) {
  const mayRead = usePermission('work.read');
  const isRepairable = alarm.category === 'fault' || alarm.category === 'supervisory';
  // Being late is no fault of its own: its order is the device's.
  return mayRead && isRepairable && alarm.kind !== 'workOrderOverdue' ? <WorkOfAlarm alarm={alarm} /> : null;
}

function WorkOfAlarm({ alarm }: { readonly alarm: Alarm }) {
  const { t } = useTranslation();
  const found = useQuery(workQueries.ofAlarm(alarm.id, `${alarm.state}|${alarm.count}`));
  const order = found.data?.[0];
  if (order === undefined) return found.data === undefined ? null : <OpenWorkButton about={{ alarmId: alarm.id }} />;
  return (
    <>
      <Link to="/work-orders/$orderId" params={{ orderId: order.id }} className="button" data-testid="alarm-work-order">
        {t('work.ofAlarm')} {t('work.number', { n: order.number })} · {t(`work.state.${order.state}`)}
      </Link>
      {isClosedWorkOrder(order.state) ? <OpenWorkButton about={{ alarmId: alarm.id }} /> : null}
    </>
  );
}
