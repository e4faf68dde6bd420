import type { Device } from '@fengsui/protocol';
import { useTranslation } from 'react-i18next';
import { formatInstant } from '../format/instant.ts';
import { pointName } from '../locale/words.ts';
import { reasonWord, remedyWord } from '../registry/blind-words.ts';

const REASON = { drifting: 'sensorDrifting', noisy: 'sensorNoisy', stuck: 'sensorStuck' } as const;

/** Sensors of a device that fail slowly: how, since when, and what to do. */
export function SensorFaultNote({ device }: { readonly device: Device }) {
  const { t } = useTranslation();
  const { sensorFaults = [] } = device;
  if (sensorFaults.length === 0) return null;
  return (
    <section className="panel identity-note" data-testid="sensor-faults">
      <h2>{t('sensorFault.title')}</h2>
      <ul className="sensor-faults">
        {sensorFaults.map(({ point, fault, since }) => (
          <li key={point} data-fault={fault}>
            <b className="warn-words">{reasonWord(t, REASON[fault])}</b> · {pointName(t, point)} ·{' '}
            {t('sensorFault.since', { time: formatInstant(since) })}
            <span className="muted"> → {remedyWord(t, REASON[fault])}</span>
          </li>
        ))}
      </ul>
      <p className="muted">{t('sensorFault.means')}</p>
    </section>
  );
}
