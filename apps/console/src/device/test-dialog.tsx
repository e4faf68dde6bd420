import type { Device } from '@fengsui/protocol';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { queries } from '../api/queries.ts';
import { api } from '../api/resources.ts';
import { pointName } from '../locale/words.ts';
import { DialogForm } from '../shell/dialog-form.tsx';

/** Records that a detector was triggered on site, and whether its alarm came. */
export function TestDialog({ device, onClose }: { readonly device: Device; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const models = useQuery(queries.models()).data ?? [];
  const points = models.find(({ id }) => id === device.model)?.points ?? [];
  const [point, setPoint] = useState('');
  const [passed, setPassed] = useState(true);
  const [note, setNote] = useState('');
  const record = useMutation({
    mutationFn: () =>
      api.recordTest(device.id, {
        passed,
        ...(point !== '' && { point }),
        ...(note.trim() !== '' && { note: note.trim() }),
      }),
    onSuccess: onClose,
  });
  return (
    <DialogForm
      title={t('life.testTitle')}
      submit={t('life.testRecord')}
      isBusy={record.isPending}
      error={record.error}
      missing={() => undefined}
      onSend={() => record.mutate()}
      onClose={onClose}
    >
      <p className="muted">{t('life.testWhy')}</p>
      <div className="choices" role="group" aria-label={t('life.test')}>
        <button type="button" aria-pressed={passed} onClick={() => setPassed(true)}>
          {t('life.testPass')}
        </button>
        <button type="button" aria-pressed={!passed} onClick={() => setPassed(false)}>
          {t('life.testFail')}
        </button>
      </div>
      {points.length > 0 ? (
        <label className="field">
          {t('life.testPoint')}
          <select value={point} onChange={({ target }) => setPoint(target.value)}>
            <option value="">{t('life.testWhole')}</option>
            {points.map(({ id }) => (
              <option key={id} value={id}>
                {pointName(t, id)}
              </option>
            ))}
          </select>
        </label>
      ) : null}
      <label className="field">
        {t('life.testNote')}
        <input value={note} maxLength={300} onChange={({ target }) => setNote(target.value)} />
      </label>
    </DialogForm>
  );
}
