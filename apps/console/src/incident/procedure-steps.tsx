import type { Incident } from '@fengsui/protocol';
import { useTranslation } from 'react-i18next';
import { useCentreNow } from '../format/age.tsx';
import { formatDataAge } from '../format/duration.ts';
import { procedureStepName } from './incident-words.ts';

/** Each step of the procedure: done after how long, how long it has left, or how late it is. */
export function ProcedureSteps({ incident }: { readonly incident: Incident }) {
  const { t } = useTranslation();
  const now = useCentreNow(500);
  const isOver = incident.state === 'closed';
  return (
    <ol className="procedure" data-testid="procedure">
      {incident.procedure.map(({ step, limitMs, from, doneAt }) => {
        const began = from === undefined ? undefined : Date.parse(from);
        const until = doneAt === undefined ? now : Date.parse(doneAt);
        // The clock of this screen may be a moment behind the centre's.
        const took = began === undefined ? undefined : Math.max(0, until - began);
        const isLate = took !== undefined && took > limitMs;
        const standing = took === undefined ? 'idle' : doneAt !== undefined ? 'done' : isOver ? 'idle' : 'running';
        return (
          <li key={step} className={`${standing}${isLate ? ' late' : ''}`} data-step={step} data-standing={standing}>
            <span>
              {standing === 'done' ? (isLate ? '! ' : '✓ ') : ''}
              {procedureStepName(t, step)}
            </span>
            <b>
              {took === undefined || standing === 'idle'
                ? '–'
                : standing === 'done'
                  ? formatDataAge(took)
                  : isLate
                    ? t('incident.lateBy', { time: formatDataAge(took - limitMs) })
                    : t('incident.left', { time: formatDataAge(limitMs - took) })}
            </b>
            <span className="muted">{t('incident.limit', { time: formatDataAge(limitMs) })}</span>
          </li>
        );
      })}
    </ol>
  );
}
