import type { Alarm } from '@fengsui/protocol';
import { useTranslation } from 'react-i18next';
import { waitingFire, type HeldQueue } from '../alarm/held-queue.ts';
import { usePlace } from '../alarm/use-place.ts';

/** "N new alarms ↑": what waits while the list is held. Red, with the place, when a fire is among them. */
export function NewAlarmsPill({ queue, onInsert }: { readonly queue: HeldQueue; readonly onInsert: () => void }) {
  const { t } = useTranslation();
  const n = queue.waiting.length;
  if (n === 0) return null;
  const fire = waitingFire(queue);
  return (
    <div className="new-alarms-place" role="alert">
      <button
        type="button"
        className={`new-alarms${fire ? ' fire' : ''}`}
        onClick={onInsert}
        data-testid="new-alarms"
        data-count={n}
      >
        {fire ? <FireWords fire={fire} n={n} /> : t('desk.newAlarms', { n })} <kbd>N</kbd>
      </button>
    </div>
  );
}

function FireWords({ fire, n }: { readonly fire: Alarm; readonly n: number }) {
  const { t } = useTranslation();
  const { venue, spot } = usePlace(fire);
  return <>{t('desk.newFire', { place: `${venue} · ${spot}`, n })}</>;
}
