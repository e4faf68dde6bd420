import { useTranslation } from 'react-i18next';
import { useAreAlarmsStopped } from '../centre-state/use-centre-functions.ts';
import { useLiveView } from '../live/live-feed.tsx';

/** Why a list without alarms does not say that there is none; undefined when it does. */
export function useUnknownWords(): string | undefined {
  const { t } = useTranslation();
  const { phase } = useLiveView();
  const areAlarmsStopped = useAreAlarmsStopped();
  if (phase === 'loading') return t('desk.loading');
  if (phase === 'disconnected') return t('desk.unknown');
  return areAlarmsStopped ? t('desk.emptyStopped') : undefined;
}
