import type { AlarmChange } from '@fengsui/protocol';
import { useTranslation } from 'react-i18next';
import { ProblemNote } from '../api/problem-note.tsx';
import { formatInstant } from '../format/instant.ts';

/** Steps in the life of an alarm, the newest first. */
export function AlarmHistory(props: {
  readonly history: readonly AlarmChange[] | undefined;
  readonly error: unknown;
  readonly onRetry: () => void;
}) {
  const { t } = useTranslation();
  const { history, error } = props;
  if (!history) return error ? <ProblemNote error={error} onRetry={props.onRetry} /> : <p className="muted">…</p>;
  if (history.length === 0) return <p className="muted">{t('detail.historyEmpty')}</p>;
  const newestFirst = [...history].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  return (
    <ol className="history">
      {newestFirst.map((change, index) => (
        <li key={`${change.at}${change.kind}${index}`}>
          <time dateTime={change.at} className="muted">
            {formatInstant(change.at)}
          </time>
          <span>
            {t(`change.${change.kind}`)}
            {change.level ? ` · ${t(`level.${change.level}`)}` : ''}
            {change.by ? <b> {change.by}</b> : null}
            {change.note ? <q>{change.note}</q> : null}
          </span>
        </li>
      ))}
    </ol>
  );
}
