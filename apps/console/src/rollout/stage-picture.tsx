import { rolloutDeviceStates, type Rollout, type RolloutDeviceState } from '@fengsui/protocol';
import { useTranslation } from 'react-i18next';
import { useCentreNow } from '../format/age.tsx';
import { formatDataAge } from '../format/duration.ts';

/** In a bar from the left: what is done first, what has not begun last. */
const barOrder: readonly RolloutDeviceState[] = [
  'running',
  'trying',
  'fetching',
  'failed',
  'rolledBack',
  'excluded',
  'waiting',
];

/** The stages side by side: how far each is, and when it goes on. */
export function StagePicture({ rollout }: { readonly rollout: Rollout }) {
  const { t } = useTranslation();
  return (
    <ol className="stages" data-testid="stages">
      {rollout.stages.map((stage, index) => {
        const isNow = index === rollout.stage && rollout.endedAt === undefined;
        const phase = stage.endedAt !== undefined ? 'over' : stage.beganAt === undefined ? 'ahead' : 'now';
        const told = rolloutDeviceStates.filter((state) => stage.counts[state] > 0);
        return (
          <li key={index} className={`stage ${phase}`} aria-current={isNow ? 'step' : undefined} data-testid="stage">
            <div className="stage-head">
              <b>{t('rollout.stage', { n: index + 1 })}</b>
              <span className="stage-share">{stage.sharePercent} %</span>
              <span className="muted end">{t('rollout.deviceCount', { n: stage.deviceCount })}</span>
            </div>
            <div
              className="stage-bar"
              role="img"
              aria-label={told.map((state) => `${t(`rollout.device.${state}`)} ${stage.counts[state]}`).join(', ')}
            >
              {barOrder.map((state) =>
                stage.counts[state] === 0 ? null : (
                  <span key={state} className={`part ${state}`} style={{ flexGrow: stage.counts[state] }} />
                ),
              )}
            </div>
            <ul className="stage-counts">
              {barOrder.map((state) =>
                stage.counts[state] === 0 ? null : (
                  <li key={state} className={state === 'failed' ? 'warn-words' : ''}>
                    <span className={`key part ${state}`} aria-hidden="true" />
                    {t(`rollout.device.${state}`)} <b>{stage.counts[state]}</b>
                  </li>
                ),
              )}
            </ul>
            <p className="muted stage-when">
              <StageWhen rollout={rollout} index={index} />
            </p>
          </li>
        );
      })}
    </ol>
  );
}

function StageWhen({ rollout, index }: { readonly rollout: Rollout; readonly index: number }) {
  const { t } = useTranslation();
  const now = useCentreNow(1_000);
  const stage = rollout.stages[index];
  if (stage === undefined) return null;
  if (stage.endedAt !== undefined) return <>{t('rollout.stageOver')}</>;
  if (stage.beganAt === undefined) return <>{t('rollout.stageAhead')}</>;
  if (rollout.state !== 'running') return <>{t(`rollout.state.${rollout.state}`)}</>;
  if (stage.completeAt === undefined) return <>{t('rollout.stageOpen')}</>;
  const leftMs = Date.parse(stage.completeAt) + rollout.observeS * 1000 - now;
  return <>{leftMs > 0 ? t('rollout.observed', { time: formatDataAge(leftMs) }) : t('rollout.observedLong')}</>;
}
