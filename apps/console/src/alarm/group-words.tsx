import type { GroupSummary } from '@fengsui/alarm';
import { useTranslation } from 'react-i18next';
import { kindName, nameOf } from '../locale/words.ts';
import { useVenues } from './use-place.ts';

type OfGroup = { readonly group: GroupSummary };

const SHOWN_KINDS = 3;
const SHOWN_VENUES = 2;

/** Why they came together, and how many there are. */
export function GroupTitle({ group }: OfGroup) {
  const { t } = useTranslation();
  return <>{t('group.title', { cause: t(`group.cause.${group.cause}`), n: group.childCount })}</>;
}

export function GroupKinds({ group }: OfGroup) {
  const { t } = useTranslation();
  const kinds = group.kinds.slice(0, SHOWN_KINDS);
  return <>{kinds.map(({ kind, count }) => t('group.kind', { kind: kindName(t, kind), n: count })).join(' · ')}</>;
}

/** How many venues there are, and those with the most of them. */
export function GroupVenues({ group }: OfGroup) {
  const { t, i18n } = useTranslation();
  const venues = useVenues();
  const { length } = group.venues;
  const named = group.venues
    .slice(0, SHOWN_VENUES)
    .map(({ venueId }) => nameOf(venues.get(venueId), i18n.language, venueId))
    .join(t('group.and'));
  return <span>{length > SHOWN_VENUES ? t('group.venues', { n: length, names: named }) : named}</span>;
}
