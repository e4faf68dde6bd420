import type { WorkOrder } from '@fengsui/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePermission, useSession } from '../account/use-session.ts';
import { workProblem } from './work-problem.ts';
import { workQueries } from './work-resources.ts';

/** Which acts of the field the session may do to this order now. */
export function useFieldAct(order: WorkOrder): 'take' | 'depart' | 'arrive' | 'repair' | undefined {
  const session = useSession();
  const mayWork = usePermission('work.do');
  const { acts, assignee, state, workedBy } = order;
  if (!mayWork) return undefined;
  const isOthers = assignee?.kind === 'person' && assignee.id !== session?.username;
  if (isOthers) return undefined;
  if (state === 'open') return 'take';
  if (state === 'onTheWay' && acts.includes('arrive') && workedBy === session?.username) return 'arrive';
  if (acts.includes('depart')) return 'depart';
  return acts.includes('repair') ? 'repair' : undefined;
}

/** Does one act; resolves to the words of a refusal. What the order is by then is shown, whoever changed it. */
export function useAct(order: WorkOrder, onOrder: (order: WorkOrder) => void) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const run = async (act: () => Promise<WorkOrder>): Promise<string | undefined> => {
    setBusy(true);
    setFailure(undefined);
    try {
      onOrder(await act());
      return undefined;
    } catch (error) {
      const words = workProblem(t, error);
      setFailure(words);
      await queryClient.invalidateQueries({ queryKey: workQueries.order(order.id).queryKey });
      return words;
    } finally {
      setBusy(false);
    }
  };
  return { run, isBusy, failure };
}
