import { useTranslation } from 'react-i18next';
import { usePermission } from '../account/use-session.ts';
import { deskKeys } from './key-bindings.ts';

const shown = ['next', 'previous', 'open', 'acknowledge', 'shelve', 'select', 'search', 'release'] as const;

/** The keys at the foot of the queue; those that are switched off, or act beyond the role, are not offered. */
export function KeyHints({ areLettersOn }: { readonly areLettersOn: boolean }) {
  const { t } = useTranslation();
  const may: Partial<Record<string, boolean>> = {
    acknowledge: usePermission('alarm.acknowledge'),
    shelve: usePermission('alarm.shelve'),
  };
  return (
    <span className="key-hints muted">
      {deskKeys
        .filter(
          ([keys, action]) =>
            shown.some((word) => word === action) &&
            may[action] !== false &&
            (areLettersOn || /[↓↑]|Enter|Esc/.test(keys)),
        )
        .map(([keys, action]) => (
          <span key={action}>
            <kbd>{keys}</kbd> {t(`action.${action}`)}
          </span>
        ))}
    </span>
  );
}
