import type { Venue } from '@fengsui/protocol';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';

/** What the fire brigade asks about a place; what nobody has registered is said to be missing. */
export function FireFacts({ venue }: { readonly venue: Venue }) {
  const { t } = useTranslation();
  const { storeys, people, gas, access } = venue;
  const rows = [
    [t('venue.storeys'), storeys],
    [t('venue.people'), people],
    [t('venue.gas'), gas === undefined ? undefined : t(`venue.gasIs.${gas}`)],
    [t('venue.access'), access],
  ] as const;
  return (
    <section className="panel" aria-labelledby="venue-fire-facts">
      <header>
        <h2 id="venue-fire-facts">{t('venue.facts')}</h2>
      </header>
      <dl className="facts" data-testid="venue-fire-facts">
        {rows.map(([name, value]) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            {value === undefined ? <dd className="muted">{t('venue.notRegistered')}</dd> : <dd>{value}</dd>}
          </Fragment>
        ))}
      </dl>
    </section>
  );
}
