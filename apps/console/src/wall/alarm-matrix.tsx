import { categories, priorities } from '@fengsui/alarm';
import type { Alarm } from '@fengsui/protocol';
import { useTranslation } from 'react-i18next';
import { isExercise } from '../alarm/alarm-order.ts';
import { standingOf } from '../alarm/alarm-standing.ts';

/** Unacknowledged alarms by category and priority; drills are not counted. */
export function AlarmMatrix({ alarms }: { readonly alarms: readonly Alarm[] }) {
  const { t } = useTranslation();
  const open = alarms.filter(({ state, origin }) => standingOf(state) === 'unacknowledged' && !isExercise(origin));
  return (
    <section className="panel" aria-labelledby="matrix-title">
      <header>
        <h2 id="matrix-title">{t('wall.matrix')}</h2>
      </header>
      <table className="matrix">
        <thead>
          <tr>
            <td />
            {priorities.map((priority) => (
              <th key={priority} scope="col" className="number">
                {priority}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {categories.map((category) => (
            <tr key={category}>
              <th scope="row">{t(`category.${category}`)}</th>
              {priorities.map((priority) => {
                const n = open.filter((alarm) => alarm.category === category && alarm.priority === priority).length;
                return (
                  <td key={priority} className="number">
                    {n > 0 ? (
                      <b className={`matrix-count ${priority.toLowerCase()}`}>{n}</b>
                    ) : (
                      <span className="muted">0</span>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
