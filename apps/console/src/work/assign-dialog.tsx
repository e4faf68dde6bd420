import type { WorkOrder } from '@fengsui/protocol';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ProblemNote } from '../api/problem-note.tsx';
import { nameOf } from '../locale/words.ts';
import { Modal } from '../shell/modal.tsx';
import { useAct } from './use-work-acts.ts';
import { workApi, workQueries } from './work-resources.ts';

/** Who gets it: one tap on a name. Those with the fewest open orders come first. */
export function AssignDialog(props: {
  readonly order: WorkOrder;
  readonly onOrder: (order: WorkOrder) => void;
  readonly onClose: () => void;
}) {
  const { order, onOrder, onClose } = props;
  const { t, i18n } = useTranslation();
  const found = useQuery(workQueries.assignees(order.id));
  const { run, isBusy, failure } = useAct(order, onOrder);
  const give = async (kind: 'person' | 'organisation', id: string): Promise<void> => {
    if ((await run(() => workApi.assign(order, { kind, id }))) === undefined) onClose();
  };
  const { people = [], organisations = [] } = found.data ?? {};
  const free = (a: { openOrders: number }, b: { openOrders: number }): number => a.openOrders - b.openOrders;
  return (
    <Modal title={t('work.form.assignTitle', { n: order.number })} onClose={onClose}>
      <div className="stack">
        {found.isError ? <ProblemNote error={found.error} onRetry={() => void found.refetch()} /> : null}
        {found.isSuccess && people.length + organisations.length === 0 ? <p>{t('work.form.noAssignees')}</p> : null}
        {people.length > 0 ? <h3>{t('work.form.people')}</h3> : null}
        {[...people].sort(free).map(({ username, openOrders }) => (
          <button
            key={username}
            type="button"
            className="assignee"
            disabled={isBusy}
            data-testid={`assign-${username}`}
            onClick={() => void give('person', username)}
          >
            <span>{username}</span>
            <span className="muted">{t('work.form.openOrders', { n: openOrders })}</span>
          </button>
        ))}
        {organisations.length > 0 ? <h3>{t('work.form.organisations')}</h3> : null}
        {[...organisations].sort(free).map((organisation) => (
          <button
            key={organisation.id}
            type="button"
            className="assignee"
            disabled={isBusy}
            onClick={() => void give('organisation', organisation.id)}
          >
            <span>{nameOf(organisation, i18n.language, organisation.id)}</span>
            <span className="muted">{t('work.form.openOrders', { n: organisation.openOrders })}</span>
          </button>
        ))}
        {failure === undefined ? null : (
          <p className="problem" role="alert">
            {failure}
          </p>
        )}
        <div className="actions">
          <button type="button" onClick={onClose}>
            {t('work.act.back')}
          </button>
        </div>
      </div>
    </Modal>
  );
}
