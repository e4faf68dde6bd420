import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePermission } from '../account/use-session.ts';
import { workProblem } from './work-problem.ts';
import { workApi } from './work-resources.ts';

/** Opens a work order, or meets the one of the device that is open, and goes there. */
export function OpenWorkButton({ about }: { readonly about: Parameters<typeof workApi.open>[0] }) {
  const { t } = useTranslation();
  const mayOpen = usePermission('work.open');
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const open = async (): Promise<void> => {
    setBusy(true);
    setFailure(undefined);
    try {
      const { id } = await workApi.open(about);
      await queryClient.invalidateQueries({ queryKey: ['workOfAlarm'] });
      await navigate({ to: '/work-orders/$orderId', params: { orderId: id } });
    } catch (error) {
      setFailure(workProblem(t, error));
      setBusy(false);
    }
  };
  if (!mayOpen) return null;
  return (
    <>
      <button type="button" disabled={isBusy} data-testid="open-work-order" onClick={() => void open()}>
        {isBusy ? t('work.opening') : t('work.openForAlarm')}
      </button>
      {failure === undefined ? null : (
        <p className="problem" role="alert">
          {failure}
        </p>
      )}
    </>
  );
}
