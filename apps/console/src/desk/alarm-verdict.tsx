import type { Alarm } from '@fengsui/protocol';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { queries } from '../api/queries.ts';
import { formatInstant } from '../format/instant.ts';

/** What the alarm turned out to be, by whom and when; nothing until somebody has said it. */
export function AlarmVerdictWords({ alarm }: { readonly alarm: Alarm }) {
  const { t } = useTranslation();
  const { data } = useQuery(queries.verdicts(alarm.id));
  const found = data?.at(-1);
  if (found === undefined) return null;
  const who = { who: found.by, time: formatInstant(found.at) };
  return (
    <>
      <dt>{t('verdict.found')}</dt>
      <dd data-testid="verdict" data-verdict={found.verdict} data-cause={found.cause}>
        {found.cause === undefined
          ? t('verdict.foundWords', { word: t(`verdict.word.${found.verdict}`), ...who })
          : t('verdict.foundFalse', { cause: t(`verdict.causes.${found.cause}`), ...who })}
        {found.note === undefined ? null : <span className="muted"> {found.note}</span>}
      </dd>
    </>
  );
}
