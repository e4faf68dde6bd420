import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { queries } from '../api/queries.ts';
import { api } from '../api/resources.ts';
import { DialogForm } from '../shell/dialog-form.tsx';
import { SecondFactorSetup } from './second-factor-setup.tsx';
import { useSession } from './use-session.ts';

/** The second factor of one's own account: set up, set up anew, given up where it is not needed. */
export function SecondFactorPanel() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const factor = useSession()?.secondFactor;
  const [doing, setDoing] = useState<'setUp' | 'giveUp'>();
  const done = (): void => {
    setDoing(undefined);
    void queryClient.invalidateQueries({ queryKey: queries.session().queryKey });
  };
  const giveUp = useMutation({ mutationFn: api.removeOwnFactor, onSuccess: done });
  if (factor === undefined) return null;
  return (
    <section className="panel" aria-labelledby="factor" data-testid="second-factor">
      <h2 id="factor">{t('factor.title')}</h2>
      <p>{factor.isOn ? t('factor.on', { n: factor.recoveryCodesLeft }) : t('factor.off')}</p>
      {factor.isOn && factor.recoveryCodesLeft < 3 ? <p className="problem">{t('factor.fewLeft')}</p> : null}
      {doing === 'setUp' ? (
        <SecondFactorSetup onDone={done} />
      ) : (
        <div className="account-acts">
          <button type="button" onClick={() => setDoing('setUp')}>
            {t(factor.isOn ? 'factor.anew' : 'factor.setUp')}
          </button>
          {factor.isOn && !factor.isNeeded ? (
            <button type="button" onClick={() => setDoing('giveUp')}>
              {t('factor.giveUp')}
            </button>
          ) : null}
        </div>
      )}
      {doing === 'giveUp' ? (
        <DialogForm
          title={t('factor.giveUp')}
          submit={t('factor.giveUp')}
          isBusy={giveUp.isPending}
          error={giveUp.error}
          missing={() => undefined}
          onSend={() => giveUp.mutate()}
          onClose={() => setDoing(undefined)}
        >
          <p>{t('factor.giveUpWhy')}</p>
        </DialogForm>
      ) : null}
    </section>
  );
}
