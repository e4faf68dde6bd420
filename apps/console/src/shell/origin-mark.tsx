import type { Origin } from '@fengsui/alarm';
import { useTranslation } from 'react-i18next';
import { isExercise } from '../alarm/alarm-order.ts';

/** Mark of one row: nothing for live, a dashed tag for simulated, violet for drill, test and replay. */
export function OriginTag({ origin }: { readonly origin: Origin }) {
  const { t } = useTranslation();
  if (origin === 'live') return null;
  return <span className={`origin-tag${isExercise(origin) ? ' exercise' : ''}`}>{t(`origin.${origin}`)}</span>;
}

/** Mark of a whole screen that shows anything not live. */
export function OriginChip({ isSimulated, isDrill }: { readonly isSimulated: boolean; readonly isDrill: boolean }) {
  const { t } = useTranslation();
  return (
    <>
      {isSimulated ? (
        <span className="origin-chip" title={t('origin.simulatedBanner')} data-testid="origin-simulated">
          {t('origin.simulatedChip')}
        </span>
      ) : null}
      {isDrill ? (
        <span className="origin-chip drill" title={t('origin.drillBanner')} data-testid="origin-drill">
          {t('origin.drillChip')}
        </span>
      ) : null}
    </>
  );
}
