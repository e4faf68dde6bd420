import type { WorkOrder } from '@fengsui/protocol';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Modal } from '../shell/modal.tsx';
import { likelyCause } from './likely-cause.ts';
import { MAX_PHOTO_BYTES, shrinkPhoto } from './shrink-photo.ts';
import { useAct } from './use-work-acts.ts';
import { workApi, workQueries } from './work-resources.ts';

const MAX_PHOTOS = 5;
type Photo = { readonly blob: Blob; readonly url: string };

/** Evidence of a repair: the photo first, the likely cause chosen already, words if there is something to say. */
export function RepairDialog(props: {
  readonly order: WorkOrder;
  /** Taken before the form opened. */
  readonly first: readonly File[];
  readonly onOrder: (order: WorkOrder) => void;
  readonly onClose: () => void;
}) {
  const { order, first, onOrder, onClose } = props;
  const { t, i18n } = useTranslation();
  const words = useQuery(workQueries.words());
  const causes = words.data?.causes ?? [];
  const { run, isBusy, failure } = useAct(order, onOrder);
  const [photos, setPhotos] = useState<readonly Photo[]>([]);
  const [chosen, setChosen] = useState<string>();
  const [text, setText] = useState('');
  const [parts, setParts] = useState('');
  const [problem, setProblem] = useState<string>();
  const cause = chosen ?? likelyCause(causes, order.faults);
  const attempt = order.failedAttempts + 1;
  // Sent by an earlier try of this dialog whose last step failed.
  const sentBefore = order.photos.filter((photo) => photo.attempt === attempt).length;

  // The photo first: a keyboard that opens by itself would cover the way to it.
  const photoInput = useRef<HTMLInputElement>(null);
  useEffect(() => photoInput.current?.focus(), []);
  useEffect(() => () => photos.forEach(({ url }) => URL.revokeObjectURL(url)), [photos]);

  const add = async (files: Iterable<File> | null): Promise<void> => {
    setProblem(undefined);
    const taken: Photo[] = [];
    for (const file of [...(files ?? [])].slice(0, MAX_PHOTOS - sentBefore - photos.length)) {
      const blob = await shrinkPhoto(file);
      if (blob === undefined) setProblem(t('work.form.notAPhoto', { name: file.name }));
      else if (blob.size > MAX_PHOTO_BYTES) setProblem(t('work.form.tooLarge', { name: file.name }));
      else taken.push({ blob, url: URL.createObjectURL(blob) });
    }
    setPhotos((before) => [...before.map(({ blob }) => ({ blob, url: URL.createObjectURL(blob) })), ...taken]);
  };

  // Once: what was taken before the form opened.
  useEffect(() => void add(first), []);

  const send = async (): Promise<void> => {
    if (photos.length + sentBefore === 0 && text.trim() === '') return setProblem(t('work.form.needsEvidence'));
    const refusal = await run(async () => {
      for (const { blob } of photos) await workApi.addPhoto(order.id, blob);
      const told = { ...(text.trim() !== '' && { text }), ...(parts.trim() !== '' && { parts }) };
      return workApi.repair(order, { cause, ...told });
    });
    if (refusal === undefined) onClose();
  };

  const left = MAX_PHOTOS - sentBefore - photos.length;
  return (
    <Modal title={t('work.form.repairTitle', { n: order.number })} onClose={onClose}>
      <form
        className="repair-form"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <p className="muted">{t('work.form.why')}</p>
        <div className="photo-row">
          {photos.map(({ url, blob }, index) => (
            <figure key={url}>
              <img src={url} alt={t('work.photo', { n: index + 1 })} />
              <button
                type="button"
                onClick={() => setPhotos((before) => before.filter((photo) => photo.blob !== blob))}
              >
                {t('work.form.remove')}
              </button>
            </figure>
          ))}
          {left > 0 ? (
            <label className="photo-add">
              <input
                ref={photoInput}
                type="file"
                accept="image/*"
                multiple
                className="visually-hidden"
                data-testid="photo-input"
                onChange={({ target }) => {
                  void add(target.files).finally(() => (target.value = ''));
                }}
              />
              <b>{t('work.form.takePhoto')}</b>
              <span className="muted">{t('work.form.photosLeft', { n: left })}</span>
            </label>
          ) : null}
        </div>
        <label className="field">
          {t('work.cause')}
          <select value={cause} onChange={({ target }) => setChosen(target.value)}>
            {causes.map(({ code, label }) => (
              <option key={code} value={code}>
                {i18n.language === 'en' ? label.en : label.zh}
              </option>
            ))}
          </select>
        </label>
        <label className="field">
          {t('work.form.text')}
          <textarea maxLength={2000} value={text} onChange={({ target }) => setText(target.value)} />
        </label>
        <label className="field">
          {t('work.form.parts')}
          <input maxLength={2000} value={parts} onChange={({ target }) => setParts(target.value)} />
        </label>
        {(problem ?? failure) ? (
          <p className="problem" role="alert">
            {problem ?? failure}
          </p>
        ) : null}
        <div className="actions">
          <button type="button" onClick={onClose}>
            {t('work.act.back')}
          </button>
          <button type="submit" className="primary" disabled={isBusy || cause === ''} data-testid="send-repair">
            {isBusy ? t('work.act.sending') : t('work.act.repair')}
          </button>
        </div>
      </form>
    </Modal>
  );
}
