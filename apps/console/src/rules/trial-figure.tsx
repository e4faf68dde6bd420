import type { RuleVersion } from '@fengsui/protocol';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { formatInstant } from '../format/instant.ts';

/** What a version would have raised on the past, beside what is in force: without it, it cannot be switched on. */
export function TrialFigure({ version }: { readonly version: RuleVersion }) {
  const { t } = useTranslation();
  const { trial, running, isOfProduct } = version;
  if (running !== undefined)
    return (
      <p className="rule-trial" role="status">
        {t('rule.running', { n: running.triedDeviceCount, of: running.deviceCount, reports: running.reportCount })}
        <progress max={Math.max(1, running.deviceCount)} value={running.triedDeviceCount} />
      </p>
    );
  if (trial === undefined) return isOfProduct ? null : <p className="muted">{t('rule.notTried')}</p>;
  return (
    <div className="rule-trial" data-testid="trial">
      <p>
        <b>{t('rule.wouldRaise', { days: trial.days, n: trial.version.raisedCount })}</b>{' '}
        {t('rule.atDevices', { n: trial.version.deviceCount })}{' '}
        <span className="muted">{t('rule.nowRaises', { n: trial.inForce.raisedCount })}</span>
      </p>
      <p className="muted">
        {t('rule.over', { reports: trial.reportCount, n: trial.triedDeviceCount, of: trial.deviceCount })}
        {trial.triedDeviceCount < trial.deviceCount ? ` ${t('rule.notAll')}` : ''}
      </p>
      {trial.examples.length === 0 ? null : (
        <details>
          <summary>{t('rule.examples', { n: trial.examples.length })}</summary>
          <ul className="rule-examples">
            {trial.examples.map((example) => (
              <li key={`${example.deviceId} ${example.pointId} ${example.at}`}>
                {formatInstant(example.at)}{' '}
                <Link to="/devices/$deviceId" params={{ deviceId: example.deviceId }}>
                  {example.deviceId}
                </Link>{' '}
                <code>{example.pointId}</code> {example.value}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
