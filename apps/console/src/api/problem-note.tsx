import { useTranslation } from 'react-i18next';
import { problemWords } from './problem-words.ts';

/** A failed question: what happened, what to do, and a button that asks again. */
export function ProblemNote({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="problem" role="alert">
      <p>{problemWords(t, error)}</p>
      {onRetry ? (
        <button type="button" onClick={onRetry}>
          {t('problem.retry')}
        </button>
      ) : null}
    </div>
  );
}
