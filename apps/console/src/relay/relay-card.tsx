import { relayModes, type GbRelay, type RelayMode } from '@fengsui/protocol';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { DataAge } from '../format/age.tsx';
import { formatInstant } from '../format/instant.ts';
import { formatCount } from '../format/quantity.ts';
import { ModeDialog } from './mode-dialog.tsx';
import { RelayDevices } from './relay-devices.tsx';

export type RelayCardProps = { readonly relay: GbRelay; readonly onEdit: () => void };

/** One other centre: its mode as a choice, its state in numbers, its devices and its history on demand. */
export function RelayCard({ relay, onEdit }: RelayCardProps) {
  const { t } = useTranslation();
  const [wanted, setWanted] = useState<RelayMode>();
  const [isOpen, setOpen] = useState(false);
  const { id, name, host, port, mode, actsAs, state, stateSince, error, faults, sourceAddress, changes } = relay;
  return (
    <section className="panel relay" aria-labelledby={`relay-${id}`} data-testid="relay" data-id={id}>
      <header>
        <h2 id={`relay-${id}`}>{name ?? id}</h2>
        <span className="mono">
          {host}:{port}
        </span>
        <span className={state === 'away' ? 'link-away' : 'muted'} data-testid="relay-state" data-state={state}>
          {t(`relay.state.${state}`)}
          {stateSince === undefined || state === 'idle' ? null : (
            <>
              {' · '}
              <DataAge at={Date.parse(stateSince)} />
            </>
          )}
        </span>
        {faults.map((fault) => (
          <span key={fault} className="tag warn">
            {t(`relay.fault.${fault}`)}
          </span>
        ))}
        <button type="button" className="end plain" onClick={onEdit}>
          {t('relay.edit')}
        </button>
      </header>
      {error === undefined ? null : <p className="mono link-error">{error}</p>}
      <div className="relay-modes" role="group" aria-label={t('relay.switchTo')}>
        {relayModes.map((one) => (
          <button
            key={one}
            type="button"
            aria-pressed={one === mode}
            disabled={one === mode || (one === 'listening' && sourceAddress !== undefined)}
            title={one === 'listening' && sourceAddress !== undefined ? t('relay.noListening') : undefined}
            data-testid={`mode-${one}`}
            onClick={() => setWanted(one)}
          >
            {t(`relay.mode.${one}`)}
          </button>
        ))}
        {actsAs === undefined ? null : <span className="tag warn">{t('relay.cannotListen')}</span>}
        <span className="muted relay-why">{t(`relay.modeWhy.${actsAs ?? mode}`)}</span>
      </div>
      <Numbers relay={relay} />
      <p className="muted">
        {t('relay.devices', { n: relay.deviceCount })} · {t('relay.connections', { n: relay.connections })} ·{' '}
        {sourceAddress === undefined ? t('relay.byteForByte') : t('relay.inOurName', { address: sourceAddress })}{' '}
        <button type="button" className="plain" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? t('relay.close') : `${t('relay.deviceList')} · ${t('relay.history')}`}
        </button>
      </p>
      {isOpen ? (
        <div className="relay-more">
          <RelayDevices relayId={id} />
          <div>
            <h3>{t('relay.history')}</h3>
            <ol className="relay-history">
              {changes.map(({ at, by, kind, from = 'off', to = 'off', reason }) => (
                <li key={`${at}${kind}`}>
                  <time dateTime={at}>{formatInstant(at)}</time> <b>{by}</b>{' '}
                  {kind === 'mode'
                    ? t('relay.change.mode', { from: t(`relay.mode.${from}`), to: t(`relay.mode.${to}`) })
                    : t(`relay.change.${kind}`)}
                  {reason === undefined ? null : <span className="muted"> {reason}</span>}
                </li>
              ))}
            </ol>
          </div>
        </div>
      ) : null}
      {wanted ? <ModeDialog relay={relay} mode={wanted} onClose={() => setWanted(undefined)} /> : null}
    </section>
  );
}

function Numbers({ relay }: { readonly relay: GbRelay }) {
  const { t } = useTranslation();
  const { owedCount, owedFireCount, oldestOwedAt, lostCount, setAsideCount, ordersPassed, ordersRefused } = relay;
  return (
    <dl className="relay-numbers">
      <Fact word={t('relay.owed')} count={owedCount} isBad={owedCount > 0 && relay.state === 'away'} testId="owed">
        {owedCount === 0 ? t('relay.allDelivered') : null}
        {owedFireCount > 0 ? <span className="warn-words">{t('relay.owedFire', { n: owedFireCount })} · </span> : null}
        {oldestOwedAt === undefined ? null : <DataAge at={Date.parse(oldestOwedAt)} />}
      </Fact>
      <Fact word={t('relay.delivered')} count={relay.deliveredCount}>
        {t('relay.resent', { n: formatCount(relay.resentCount) })}
      </Fact>
      {relay.mode === 'answering' ? null : <Fact word={t('relay.confirmedForIt')} count={relay.confirmedForItCount} />}
      <Fact word={t('relay.lost')} count={lostCount + setAsideCount} isBad={lostCount + setAsideCount > 0}>
        {t('relay.lostWhy', { lost: formatCount(lostCount), aside: formatCount(setAsideCount) })}
      </Fact>
      <Fact word={t('relay.orders')} count={ordersPassed + ordersRefused}>
        {t('relay.ordersWhy', { passed: formatCount(ordersPassed), refused: formatCount(ordersRefused) })}
      </Fact>
    </dl>
  );
}

type FactProps = {
  readonly word: string;
  readonly count: number;
  readonly isBad?: boolean;
  readonly testId?: string;
  readonly children?: ReactNode;
};

function Fact({ word, count, isBad = false, testId, children }: FactProps) {
  return (
    <div>
      <dt className="muted">{word}</dt>
      <dd className={isBad ? 'warn-words' : ''} {...(testId !== undefined && { 'data-testid': testId })}>
        {formatCount(count)}
      </dd>
      <span className="muted">{children}</span>
    </div>
  );
}
