import type { Alarm } from '@fengsui/protocol';
import { useTranslation } from 'react-i18next';
import { kindName } from '../locale/words.ts';
import { useLocalAct } from './use-local-act.ts';

/** In the place of value and limit: for which hazard, what was done, and that closing is done on site. */
export function LocalActFigures({ alarm }: { readonly alarm: Alarm }) {
  const { t } = useTranslation();
  const { course } = useLocalAct(alarm);
  if (course === undefined || course.standing === 'untold') return <span className="sub none">–</span>;
  const outcomes = {
    dead: 'opened',
    reclosed: 'opened',
    failed: 'failed',
    unread: 'unread',
    refused: 'refused',
  } as const;
  const act = t(`localAct.short.${outcomes[course.standing]}`);
  return (
    <>
      <span>{course.cause ? t('localAct.short.cause', { kind: kindName(t, course.cause.kind), act }) : act}</span>
      <span className="sub">{t(`localAct.onSite.${course.standing === 'dead' ? 'dead' : 'live'}`)}</span>
    </>
  );
}
