import { isClosedWorkOrder, type WorkOrder } from '@fengsui/protocol';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { formatInstant } from '../format/instant.ts';
import { kindName, pointName } from '../locale/words.ts';
import { reasonWord } from '../registry/blind-words.ts';

/** The faults of an order, each with whether the device still says so. */
export function WorkFaults({ order }: { readonly order: WorkOrder }) {
  const { t } = useTranslation();
  const { faults, faultCount, blindReasons = [] } = order;
  const isClosed = isClosedWorkOrder(order.state);
  const shown = faults.reduce((sum, { count }) => sum + count, 0);
  return (
    <section className="panel">
      <header>
        <h2>{t('work.faults')}</h2>
        {faultCount > shown ? <span className="muted">{t('work.more', { n: faultCount })}</span> : null}
      </header>
      <ul className="work-faults">
        {faults.map(({ kind, pointId, deviceId, active, firstAt, clearedAt, count, alarmId }) => (
          <li key={`${deviceId}/${pointId}/${kind}`} data-active={active}>
            <b>{kindName(t, kind)}</b>
            {count > 1 ? <span className="tag">{t('work.times', { n: count })}</span> : null}
            <span className={active && !isClosed ? 'late' : 'muted'}>
              {t(active ? (isClosed ? 'work.activeThen' : 'work.active') : 'work.cleared')}
            </span>
            <span className="muted">
              {deviceId === order.deviceId ? '' : `${deviceId} `}
              {pointId === '' ? '' : `${pointName(t, pointId)} · `}
              {formatInstant(active || clearedAt === undefined ? firstAt : clearedAt)}
            </span>
            {alarmId === undefined ? null : (
              <Link to="/desk" search={{ sel: alarmId }} className="muted">
                {t('nav.desk')}
              </Link>
            )}
          </li>
        ))}
        {blindReasons.map((reason) => (
          <li key={reason}>
            <b>{t('work.blind')}</b> <span className="muted">{reasonWord(t, reason)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
