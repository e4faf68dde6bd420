import type { WorkOrder } from '@fengsui/protocol';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePermission } from '../account/use-session.ts';
import { AssignDialog } from './assign-dialog.tsx';
import { ReasonDialog } from './reason-dialog.tsx';
import { RepairDialog } from './repair-dialog.tsx';
import { useAct, useFieldAct } from './use-work-acts.ts';
import { workApi } from './work-resources.ts';

type ActProps = { readonly order: WorkOrder; readonly onOrder: (order: WorkOrder) => void };

/** The next act of whoever works on it, in the list: one tap, and a repair two. */
export function QuickAct({ order, onOrder }: ActProps) {
  const act = useFieldAct(order);
  return act === undefined ? null : <FieldAct key={act} order={order} onOrder={onOrder} act={act} />;
}

function FieldAct({ order, onOrder, act }: ActProps & { readonly act: NonNullable<ReturnType<typeof useFieldAct>> }) {
  const { t } = useTranslation();
  const { run, isBusy, failure } = useAct(order, onOrder);
  // The camera opens at the first tap; who takes no photo comes to the form all the same.
  const camera = useRef<HTMLInputElement>(null);
  const [taken, setTaken] = useState<readonly File[]>();
  useEffect(() => {
    const input = camera.current;
    const without = (): void => setTaken([]);
    input?.addEventListener('cancel', without);
    return () => input?.removeEventListener('cancel', without);
  }, []);
  const once = act === 'repair' ? undefined : workApi[act];
  return (
    <div className="field-act">
      <button
        type="button"
        className="primary"
        data-testid={`act-${act}`}
        disabled={isBusy}
        onClick={() => (once === undefined ? camera.current?.click() : void run(() => once(order)))}
      >
        {isBusy ? t('work.act.sending') : t(`work.act.${act}`)}
      </button>
      {failure === undefined ? null : (
        <p className="problem" role="alert">
          {failure}
        </p>
      )}
      {act === 'repair' ? (
        <input
          ref={camera}
          type="file"
          accept="image/*"
          capture="environment"
          hidden
          aria-label={t('work.form.takePhoto')}
          onChange={({ target }) => {
            setTaken([...(target.files ?? [])]);
            target.value = '';
          }}
        />
      ) : null}
      {taken === undefined ? null : (
        <RepairDialog order={order} first={taken} onOrder={onOrder} onClose={() => setTaken(undefined)} />
      )}
    </div>
  );
}

type DialogName = 'assign' | 'postpone' | 'close' | 'cancel' | 'repair';

/** Everything the session may do to the order, the next step first. */
export function WorkActs({ order, onOrder }: ActProps) {
  const { t } = useTranslation();
  const act = useFieldAct(order);
  const mayAssign = usePermission('work.assign');
  const mayClose = usePermission('work.close');
  const [dialog, setDialog] = useState<DialogName>();
  const can = (name: WorkOrder['acts'][number]): boolean => order.acts.includes(name);
  const end = (): void => setDialog(undefined);
  const mayRepairNow = act !== undefined && act !== 'take' && act !== 'repair' && can('repair');
  return (
    <div className="work-acts">
      {act === undefined ? null : <FieldAct key={act} order={order} onOrder={onOrder} act={act} />}
      {mayRepairNow ? (
        <button type="button" data-testid="act-repair" onClick={() => setDialog('repair')}>
          {t('work.act.repair')}
        </button>
      ) : null}
      {mayAssign && can('assign') ? (
        <button
          type="button"
          className={act === undefined && order.state === 'open' ? 'primary' : ''}
          data-testid="act-assign"
          onClick={() => setDialog('assign')}
        >
          {t(order.assignee === undefined ? 'work.act.assign' : 'work.act.reassign')}
        </button>
      ) : null}
      {mayAssign && can('postpone') ? (
        <button type="button" onClick={() => setDialog('postpone')}>
          {t('work.act.postpone')}
        </button>
      ) : null}
      {mayClose && can('close') ? (
        <button type="button" data-testid="act-close" onClick={() => setDialog('close')}>
          {t('work.act.close')}
        </button>
      ) : null}
      {mayAssign && can('cancel') ? (
        <button type="button" className="plain" onClick={() => setDialog('cancel')}>
          {t('work.act.cancel')}
        </button>
      ) : null}
      {dialog === 'assign' ? <AssignDialog order={order} onOrder={onOrder} onClose={end} /> : null}
      {dialog === 'repair' ? <RepairDialog order={order} first={[]} onOrder={onOrder} onClose={end} /> : null}
      {dialog === 'postpone' || dialog === 'close' || dialog === 'cancel' ? (
        <ReasonDialog order={order} act={dialog} onOrder={onOrder} onClose={end} />
      ) : null}
    </div>
  );
}
