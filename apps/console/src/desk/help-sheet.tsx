import { useTranslation } from 'react-i18next';
import { Modal } from '../shell/modal.tsx';
import { deskKeys } from './key-bindings.ts';

export type HelpSheetProps = {
  readonly areLettersOn: boolean;
  readonly onLetters: (isOn: boolean) => void;
  readonly onTour: () => void;
  readonly onClose: () => void;
};

/** All keys, and the switch that turns the single letters off (WCAG 2.1.4). */
export function HelpSheet({ areLettersOn, onLetters, onTour, onClose }: HelpSheetProps) {
  const { t } = useTranslation();
  return (
    <Modal title={t('help.title')} onClose={onClose}>
      <div className="stack">
        <table>
          <tbody>
            {deskKeys.map(([keys, action]) => (
              <tr key={action}>
                <th scope="row">
                  <kbd>{keys}</kbd>
                </th>
                <td>{t(`action.${action}`)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <label className="letters">
          <input type="checkbox" checked={areLettersOn} onChange={({ target }) => onLetters(target.checked)} />{' '}
          {t('help.letters')}
        </label>
        <p className="muted">{t('help.lettersWhy')}</p>
        <div className="actions">
          <button type="button" onClick={onTour} data-testid="tour-restart">
            {t('help.tour')}
          </button>
          <button type="button" className="primary" onClick={onClose}>
            {t('help.close')}
          </button>
        </div>
      </div>
    </Modal>
  );
}
