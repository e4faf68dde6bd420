import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePermission } from '../account/use-session.ts';
import { AskDialog } from './ask-dialog.tsx';
import type { IsolationTarget } from './isolation-api.ts';

/** On the page of a venue or a device: asks for its isolation or test without looking for it again. */
export function IsolateHere({ target }: { readonly target: IsolationTarget }) {
  const { t } = useTranslation();
  const mayAsk = usePermission('isolation.ask');
  const [isAsking, setAsking] = useState(false);
  if (!mayAsk) return null;
  return (
    <>
      <button type="button" data-testid="isolate-here" onClick={() => setAsking(true)}>
        {t('isolation.here')}
      </button>
      {isAsking ? <AskDialog target={target} onClose={() => setAsking(false)} /> : null}
    </>
  );
}
