import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemNote } from '../api/problem-note.tsx';
import { queries } from '../api/queries.ts';
import { currentLanguage } from '../locale/i18n.ts';
import { nameOf } from '../locale/words.ts';
import { idsBelow, inTreeOrder } from './organisation-order.ts';

type Props = { readonly venueIds?: readonly string[]; readonly organisationId?: string | undefined };

/** What of all venues an account sees: those of an organisation with all below it, cut to a list of venues. */
export function BoundChoice({ venueIds = [], organisationId = '' }: Props) {
  const { t } = useTranslation();
  const bounds = useQuery(queries.accountBounds());
  const [owner, setOwner] = useState(organisationId);
  const { organisations = [], venues = [] } = bounds.data ?? {};
  const below = new Set(owner === '' ? organisations.map(({ id }) => id) : idsBelow(organisations, owner));
  if (bounds.isError) return <ProblemNote error={bounds.error} onRetry={() => void bounds.refetch()} />;
  return (
    <>
      {organisations.length === 0 ? null : (
        <label className="field">
          {t('account.organisation')}
          <select name="organisationId" value={owner} onChange={({ target }) => setOwner(target.value)}>
            <option value="">{t('account.noOrganisation')}</option>
            {inTreeOrder(organisations).map(({ organisation, depth }) => (
              <option key={organisation.id} value={organisation.id}>
                {'\u3000'.repeat(depth)}
                {nameOf(organisation, currentLanguage(), organisation.id)} ({organisation.venueCount})
              </option>
            ))}
          </select>
          <small>{t('account.organisationHint')}</small>
        </label>
      )}
      {venues.length === 0 ? null : (
        <label className="field">
          {t('account.venues')}
          <select key={owner} name="venueIds" multiple size={4} defaultValue={[...venueIds]}>
            {venues
              .filter((venue) => below.has(venue.organisationId))
              .map((venue) => (
                <option key={venue.id} value={venue.id}>
                  {nameOf(venue, currentLanguage(), venue.id)}
                </option>
              ))}
          </select>
        </label>
      )}
    </>
  );
}
