import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { saveBlob } from '../capture/save-text.ts';
import { currentLanguage } from '../locale/i18n.ts';
import { DialogForm } from '../shell/dialog-form.tsx';
import { commissioningApi } from './commissioning-api.ts';

/** Sheets that are sold: columns x rows, size of a label in mm. */
const sheets = [
  ['3x8', '70x37'],
  ['2x7', '99x38'],
  ['4x10', '48x25'],
  ['2x4', '99x67'],
] as const;

export type LabelDialogProps = {
  readonly deviceCount: number;
  /** Which devices, as the API takes it. */
  readonly order: object;
  readonly onClose: () => void;
};

/** Asks how the labels shall be, and hands over the PDF. */
export function LabelDialog({ deviceCount, order, onClose }: LabelDialogProps) {
  const { t } = useTranslation();
  const [sheet, setSheet] = useState<string>(sheets[0][0]);
  const [language, setLanguage] = useState<string>(currentLanguage());
  const [claim, setClaim] = useState(false);
  const print = useMutation({
    mutationFn: async () => {
      const [grid, labelMm] = sheets.find(([name]) => name === sheet) ?? sheets[0];
      const asked = { ...order, grid, labelMm, language, claim, baseUrl: window.location.origin };
      saveBlob(claim ? 'labels-with-claim-codes.pdf' : 'labels.pdf', await commissioningApi.labels(asked));
    },
    onSuccess: onClose,
  });
  return (
    <DialogForm
      title={t('labels.title')}
      submit={t('labels.print')}
      isBusy={print.isPending}
      error={print.error}
      missing={() => undefined}
      onSend={() => print.mutate()}
      onClose={onClose}
    >
      <p className="muted">{t('labels.intro', { n: deviceCount })}</p>
      <label className="field">
        {t('labels.grid')}
        <select value={sheet} onChange={({ target }) => setSheet(target.value)}>
          {sheets.map(([grid, size]) => (
            <option key={grid} value={grid}>
              {t('labels.gridOf', { grid, size })}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        {t('labels.language')}
        <select value={language} onChange={({ target }) => setLanguage(target.value)}>
          <option value="zh">{t('labels.chinese')}</option>
          <option value="en">{t('labels.english')}</option>
        </select>
      </label>
      <label className="check">
        <input type="checkbox" checked={claim} onChange={({ target }) => setClaim(target.checked)} />
        <span>{t('labels.claim')}</span>
      </label>
      {claim ? <p className="warn-words">{t('labels.claimWarning')}</p> : null}
    </DialogForm>
  );
}
