import { auditResults } from '@fengsui/protocol';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { queries } from '../api/queries.ts';
import { toEpochMs } from '../format/instant.ts';
import { nameOf } from '../locale/words.ts';
import { localInputOf } from '../work/local-input.ts';
import type { AuditQuery } from './audit-api.ts';

type Props = { readonly query: AuditQuery; readonly onChange: (changes: AuditQuery) => void };

/** Who, what, where, with what result, and when. A text counts when it is left or Enter is pressed: each look is on record. */
export function AuditFilters({ query, onChange }: Props) {
  const { t, i18n } = useTranslation();
  const venues = useQuery(queries.venues());
  const text = (name: 'by' | 'act') => (
    <label className="field">
      {t(name === 'act' ? 'audit.actBegins' : 'audit.by')}
      <input
        key={query[name] ?? ''}
        name={name}
        maxLength={200}
        autoComplete="off"
        defaultValue={query[name] ?? ''}
        placeholder={name === 'act' ? 'POST /api/v1/alarms' : undefined}
        onBlur={({ target }) => onChange({ [name]: target.value.trim() || undefined })}
        onKeyDown={({ key, currentTarget }) => {
          if (key === 'Enter') onChange({ [name]: currentTarget.value.trim() || undefined });
        }}
      />
    </label>
  );
  const instant = (name: 'from' | 'to') => (
    <label className="field">
      {t(`audit.${name}`)}
      <input
        name={name}
        type="datetime-local"
        value={localOf(query[name])}
        onChange={({ target }) =>
          onChange({ [name]: target.value === '' ? undefined : new Date(target.value).toISOString() })
        }
      />
    </label>
  );
  return (
    <div className="audit-filters" role="search">
      {text('by')}
      {text('act')}
      <label className="field">
        {t('audit.venue')}
        <select
          name="venueId"
          value={query.venueId ?? ''}
          onChange={({ target }) => onChange({ venueId: target.value || undefined })}
        >
          <option value="">{t('audit.any')}</option>
          {(venues.data ?? []).map((venue) => (
            <option key={venue.id} value={venue.id}>
              {nameOf(venue, i18n.language, venue.id)}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        {t('audit.result')}
        <select
          name="result"
          value={query.result ?? ''}
          onChange={({ target }) => onChange({ result: target.value || undefined })}
        >
          <option value="">{t('audit.any')}</option>
          {auditResults.map((word) => (
            <option key={word} value={word}>
              {t(`audit.results.${word}`)}
            </option>
          ))}
        </select>
      </label>
      {instant('from')}
      {instant('to')}
    </div>
  );
}

const localOf = (at: string | undefined): string => {
  const ms = toEpochMs(at);
  return ms === undefined ? '' : localInputOf(ms);
};
