import type { Alarm } from '@fengsui/protocol';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { standingOf } from '../alarm/alarm-standing.ts';
import { queries } from '../api/queries.ts';
import { useCentreNow } from '../format/age.tsx';
import { formatInstant } from '../format/instant.ts';
import { actMark } from './pending-act.ts';

/** Asked anew when somebody has acted, or it has become worse. */
const responseMark = (alarm: Alarm): string => `${actMark(alarm)}|${alarm.level}`;

/** What the alarm leads to, what has to be done, and until when. */
export function AlarmResponse({ alarm }: { readonly alarm: Alarm }) {
  const { t, i18n } = useTranslation();
  const language = i18n.language === 'en' ? 'en' : 'zh';
  const now = useCentreNow(1_000);
  const said = useQuery(queries.response(alarm.id, responseMark(alarm)));
  if (said.data === undefined || said.data.length === 0) return null;
  const isAnswered = standingOf(alarm.state) !== 'unacknowledged';
  return (
    <ul className="detail-response" data-testid="alarm-response">
      {said.data.map(({ ruleId, consequence, response, dueAt }) => (
        <li key={`${ruleId} ${response.zh}`}>
          <b>{response[language]}</b>{' '}
          <span className={!isAnswered && now > Date.parse(dueAt) ? 'overdue' : 'muted'}>
            {t(!isAnswered && now > Date.parse(dueAt) ? 'detail.respondOverdue' : 'detail.respondBy', {
              time: formatInstant(dueAt),
            })}
          </span>
          <p className="muted">{t('detail.otherwise', { words: consequence[language] })}</p>
        </li>
      ))}
    </ul>
  );
}
