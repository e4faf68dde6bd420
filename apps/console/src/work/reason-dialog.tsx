import type { WorkOrder } from '@fengsui/protocol';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Modal } from '../shell/modal.tsx';
import { localInputOf } from './local-input.ts';
import { useAct } from './use-work-acts.ts';
import { workApi } from './work-resources.ts';

/** Postponing, closing without proof and calling off need a reason; postponing a new time as well. */
export function ReasonDialog(props: {
  readonly order: WorkOrder;
  readonly act: 'postpone' | 'close' | 'cancel';
  readonly onOrder: (order: WorkOrder) => void;
  readonly onClose: () => void;
}) {
  const { order, act, onOrder, onClose } = props;
  const { t } = useTranslation();
  const { run, isBusy, failure } = useAct(order, onOrder);
  const [reason, setReason] = useState('');
  const [dueAt, setDueAt] = useState(() => localInputOf(Math.max(Date.parse(order.dueAt), Date.now()) + 86_400_000));
  const [isMissing, setMissing] = useState(false);
  const send = async (): Promise<void> => {
    if (reason.trim() === '') return setMissing(true);
    const refusal = await run(() =>
      act === 'postpone' ? workApi.postpone(order, new Date(dueAt).toISOString(), reason) : workApi[act](order, reason),
    );
    if (refusal === undefined) onClose();
  };
  return (
    <Modal title={`${t(`work.act.${act}`)} · ${t('work.number', { n: order.number })}`} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <p className="muted">{t(`work.form.${act}Why`)}</p>
        {act === 'postpone' ? (
          <label className="field">
            {t('work.form.dueAt')}
            <input type="datetime-local" required value={dueAt} onChange={({ target }) => setDueAt(target.value)} />
          </label>
        ) : null}
        <label className="field">
          {t('work.form.reason')}
          <textarea maxLength={2000} value={reason} onChange={({ target }) => setReason(target.value)} />
        </label>
        {isMissing && reason.trim() === '' ? <p className="problem">{t('work.form.reasonMissing')}</p> : null}
        {failure === undefined ? null : (
          <p className="problem" role="alert">
            {failure}
          </p>
        )}
        <div className="actions">
          <button type="button" onClick={onClose}>
            {t('work.act.back')}
          </button>
          <button type="submit" className="primary" disabled={isBusy}>
            {isBusy ? t('work.act.sending') : t(`work.act.${act}`)}
          </button>
        </div>
      </form>
    </Modal>
  );
}
