import { useTranslation } from 'react-i18next';
import type { ActKind, ActNotice } from './use-desk-acts.ts';
import { KeyHints } from './key-hints.tsx';

export type ActBarProps = {
  readonly selectedCount: number;
  readonly notice: ActNotice | undefined;
  readonly areLettersOn: boolean;
  readonly onStart: (kind: ActKind) => void;
  readonly onClear: () => void;
};

/** Foot of the queue: acts on the selection, or what the desk has to say, or the keys. Below the list, it moves nothing. */
export function ActBar({ selectedCount, notice, areLettersOn, onStart, onClear }: ActBarProps) {
  const { t } = useTranslation();
  return (
    <div className="act-bar" role="status">
      {notice ? (
        <span className={`notice${notice.isFailure ? ' failure' : ''}`} role={notice.isFailure ? 'alert' : undefined}>
          {notice.words}
        </span>
      ) : null}
      {selectedCount > 0 ? (
        <>
          <b>{t('desk.selected', { n: selectedCount })}</b>
          <button type="button" className="primary" onClick={() => onStart('acknowledge')}>
            {t('desk.acknowledgeMany', { n: selectedCount })}
          </button>
          <button type="button" onClick={() => onStart('shelve')}>
            {t('desk.shelve')}
          </button>
          <button type="button" onClick={onClear}>
            {t('desk.clearSelection')}
          </button>
        </>
      ) : notice ? null : (
        <KeyHints areLettersOn={areLettersOn} />
      )}
    </div>
  );
}
