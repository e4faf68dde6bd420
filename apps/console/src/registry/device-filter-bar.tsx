import { deviceLifeStates, deviceListStates, sensorFamilies } from '@fengsui/protocol';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePermission } from '../account/use-session.ts';
import { useVenues } from '../alarm/use-place.ts';
import { queries } from '../api/queries.ts';
import { familyName, nameOf } from '../locale/words.ts';
import { isDeviceFilter, noDeviceFilter, statesOf, toggledState } from './device-filter.ts';

const TYPING_MS = 250;

export type DeviceFilterBarProps = {
  readonly search: Readonly<Record<string, string | undefined>>;
  readonly onChange: (changes: Readonly<Record<string, string | undefined>>) => void;
};

/** What the list is asked for; all of it stands in the URL. */
export function DeviceFilterBar({ search, onChange }: DeviceFilterBarProps) {
  const { t, i18n } = useTranslation();
  const venues = [...useVenues().values()].sort((a, b) => a.name.localeCompare(b.name, 'zh'));
  const brought = Object.keys(useQuery(queries.words()).data?.families ?? {});
  const families = [...sensorFamilies, ...brought.filter((name) => !sensorFamilies.some((known) => known === name))];
  const maySeeAlarms = usePermission('alarm.read');
  const chosen = statesOf(search.state);
  return (
    <div className="device-filter" role="search">
      <SearchField text={search.q ?? ''} onText={(q) => onChange({ q: q === '' ? undefined : q })} />
      <Choice
        label={t('device.venue')}
        all={t('field.anyVenue')}
        value={search.venue}
        options={venues.map((venue) => [venue.id, nameOf(venue, i18n.language, venue.id)])}
        onChoose={(venue) => onChange({ venue })}
      />
      <Choice
        label={t('field.family')}
        all={t('field.anyFamily')}
        value={search.family}
        options={families.map((family) => [family, familyName(t, family)])}
        onChoose={(family) => onChange({ family })}
      />
      <Choice
        label={t('life.title')}
        all={t('field.anyLife')}
        value={search.life}
        options={deviceLifeStates.map((state) => [state, t(`life.state.${state}`)])}
        onChoose={(life) => onChange({ life })}
      />
      <div role="group" aria-label={t('field.state')} className="state-chips">
        {deviceListStates
          .filter((state) => state !== 'fault' || maySeeAlarms)
          .map((state) => (
            <button
              key={state}
              type="button"
              aria-pressed={chosen.includes(state)}
              title={t(`field.stateWhy.${state}`)}
              data-testid={`state-${state}`}
              onClick={() => onChange({ state: toggledState(search.state, state) })}
            >
              {t(`field.stateName.${state}`)}
            </button>
          ))}
      </div>
      {isDeviceFilter(search) ? (
        <button type="button" className="plain" onClick={() => onChange(noDeviceFilter)}>
          {t('desk.clearFilter')}
        </button>
      ) : null}
    </div>
  );
}

/** Asked for when the hand rests: each letter would be a question of its own. */
function SearchField({ text, onText }: { readonly text: string; readonly onText: (text: string) => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(text);
  const [known, setKnown] = useState(text);
  if (known !== text) {
    setKnown(text);
    setTyped(text);
  }
  useEffect(() => {
    if (typed === text) return;
    const timer = setTimeout(() => onText(typed), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed, text, onText]);
  return (
    <input
      type="search"
      aria-label={t('field.search')}
      placeholder={t('field.search')}
      value={typed}
      maxLength={100}
      onChange={({ target }) => setTyped(target.value)}
    />
  );
}

function Choice(props: {
  readonly label: string;
  readonly all: string;
  readonly value: string | undefined;
  readonly options: readonly (readonly [value: string, name: string])[];
  readonly onChoose: (value: string | undefined) => void;
}) {
  return (
    <select
      aria-label={props.label}
      value={props.value ?? ''}
      onChange={({ target }) => props.onChoose(target.value === '' ? undefined : target.value)}
    >
      <option value="">{props.all}</option>
      {props.options.map(([value, name]) => (
        <option key={value} value={value}>
          {name}
        </option>
      ))}
    </select>
  );
}
