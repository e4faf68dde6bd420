import './centre-state.css';
import { useTranslation } from 'react-i18next';
import { useCentreFunctions } from './use-centre-functions.ts';

/**
 * On every page while the centre does not do all its work: what has stopped, what that means, and what still works.
 * Nothing while everything works. That the centre does not answer at all is said by the bar of the feed.
 */
export function CentreStateBar() {
  const { t } = useTranslation();
  const functions = useCentreFunctions() ?? [];
  const stopped = functions.filter(({ state }) => state !== 'works');
  // That the last copy is old stops nothing of the watch; it is said beside what does.
  if (stopped.every(({ name }) => name === 'backup')) return null;
  const works = functions.filter(({ state }) => state === 'works');
  const hasAlarms = !stopped.some(({ name }) => name === 'alarms');
  const reason = stopped.find((one) => one.reason !== undefined)?.reason;
  return (
    <section className={`centre-state${hasAlarms ? '' : ' no-alarms'}`} role="alert" data-testid="centre-state">
      <p className="headline">
        <strong>{t('centreState.degraded')}</strong>
        {hasAlarms ? null : <strong className="call">{t('centreState.noAlarms')}</strong>}
      </p>
      <ul>
        {stopped.map(({ name, state }) => (
          <li key={name} data-function={name} data-state={state}>
            <b>
              ✕ {t('centreState.stopped')} · {t(`centreState.name.${name}`)}
            </b>
            <span>
              {t(`centreState.meaning.${name}`)} · {t(state === 'broken' ? 'centreState.broken' : 'centreState.held')}
            </span>
          </li>
        ))}
        {works.length === 0 ? null : (
          <li data-state="works">
            <b>✓ {t('centreState.works')}</b>
            <span>{works.map(({ name }) => t(`centreState.name.${name}`)).join(' · ')}</span>
          </li>
        )}
      </ul>
      {reason === undefined ? null : <p className="reason">{t('centreState.reason', { reason })}</p>}
    </section>
  );
}
