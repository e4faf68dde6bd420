import type { Alarm } from '@fengsui/protocol';
import { useTranslation } from 'react-i18next';
import { useLocalAct } from '../evidence/use-local-act.ts';
import { kindName } from '../locale/words.ts';

/** What an alarm is called; one of a terminal that acted is called by the outcome: is the circuit dead or live? */
export function AlarmTitle({ alarm }: { readonly alarm: Alarm }) {
  const { t } = useTranslation();
  const { course } = useLocalAct(alarm);
  return <>{course === undefined ? kindName(t, alarm.kind) : t(`localAct.title.${course.standing}`)}</>;
}
