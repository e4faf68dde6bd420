import { useTranslation } from 'react-i18next';
import { deskKeys } from './key-bindings.ts';

const shown = ['next', 'previous', 'open', 'acknowledge', 'shelve', 'select', 'search', 'release'] as const;

/** The keys at the foot of the queue; those that are switched off are not offered. */
export function KeyHints({ areLettersOn }: { readonly areLettersOn: boolean }) {
  const { t } = useTranslation();
  return (
    <span className="key-hints muted">
      {deskKeys
        .filter(
          ([keys, action]) => shown.some((word) => word === action) && (areLettersOn || /[↓↑]|Enter|Esc/.test(keys)),
        )
        .map(([keys, action]) => (
          <span key={action}>
            <kbd>{keys}</kbd> {t(`action.${action}`)}
          </span>
        ))}
    </span>
  );
}
