import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ProblemNote } from '../api/problem-note.tsx';
import { DataAge } from '../format/age.tsx';
import { formatCount } from '../format/quantity.ts';
import { relayQueries } from './relay-api.ts';

/** Every device behind a relay: its own connection, ours for it, and what is owed of it. */
export function RelayDevices({ relayId }: { readonly relayId: string }) {
  const { t } = useTranslation();
  const devices = useQuery(relayQueries.devices(relayId));
  if (devices.isError && !devices.data)
    return <ProblemNote error={devices.error} onRetry={() => void devices.refetch()} />;
  return (
    <div className="table-scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">{t('relay.device')}</th>
            <th scope="col">{t('relay.toUs')}</th>
            <th scope="col">{t('relay.toOther')}</th>
            <th scope="col">{t('relay.owedCount')}</th>
            <th scope="col">{t('relay.lastDelivered')}</th>
          </tr>
        </thead>
        <tbody>
          {(devices.data ?? []).map(
            ({ deviceId, isDeviceConnected, isPassedOn, owedCount, lastDeliveredAt, error }) => (
              <tr key={deviceId}>
                <td>
                  <Link to="/devices/$deviceId" params={{ deviceId }}>
                    {deviceId}
                  </Link>
                </td>
                <td>{t(isDeviceConnected ? 'relay.yes' : 'relay.no')}</td>
                <td className={error === undefined ? '' : 'warn-words'}>
                  {t(isPassedOn ? 'relay.yes' : 'relay.no')}
                  {error === undefined ? null : <span className="mono"> {error}</span>}
                </td>
                <td>{formatCount(owedCount)}</td>
                <td>{lastDeliveredAt === undefined ? '–' : <DataAge at={Date.parse(lastDeliveredAt)} />}</td>
              </tr>
            ),
          )}
        </tbody>
      </table>
    </div>
  );
}
