import type { AuditRecord } from '@fengsui/protocol';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { queries } from '../api/queries.ts';
import { formatInstant } from '../format/instant.ts';
import { nameOf } from '../locale/words.ts';
import { topicOf, viaWords } from './audit-words.ts';

/** Rows, newest first; what is long opens on demand. */
export function AuditTable({ rows }: { readonly rows: readonly AuditRecord[] }) {
  const { t, i18n } = useTranslation();
  const venues = useQuery(queries.venues());
  const venueName = (id: string): string =>
    nameOf(
      venues.data?.find((venue) => venue.id === id),
      i18n.language,
      id,
    );
  return (
    <div className="panel table-scroll">
      <table className="audit-rows" data-testid="audit-rows">
        <thead>
          <tr>
            <th scope="col">{t('audit.number')}</th>
            <th scope="col">{t('audit.at')}</th>
            <th scope="col">{t('audit.by')}</th>
            <th scope="col">{t('audit.act')}</th>
            <th scope="col">{t('audit.venue')}</th>
            <th scope="col">{t('audit.result')}</th>
            <th scope="col">{t('audit.detail')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.sequence} data-result={row.result}>
              <td>{row.sequence}</td>
              <td className="when">{formatInstant(row.at)}</td>
              <td>
                {row.by}
                <span className="muted way">
                  {viaWords(t, row.via)}
                  {row.from === undefined ? '' : ` · ${row.from}`}
                </span>
              </td>
              <td>
                {t(`audit.topic.${topicOf(row)}`)}
                <code className="way">{row.act}</code>
              </td>
              <td>{row.venueId === undefined ? '' : venueName(row.venueId)}</td>
              <td>
                <span className={`audit-result ${row.result}`}>{t(`audit.results.${row.result}`)}</span>
                {row.code === undefined ? null : <code className="way">{row.code}</code>}
              </td>
              <td>
                <Detail row={row} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Detail({ row }: { readonly row: AuditRecord }) {
  const { t } = useTranslation();
  const { target, what, requestId, leftOut, hash, status, role } = row;
  const facts: readonly (readonly [string, string | number | undefined])[] = [
    [t('audit.role'), role],
    [t('audit.target'), target],
    [t('audit.what'), what],
    [t('audit.status'), status],
    [t('audit.leftOut'), leftOut],
    [t('audit.request'), requestId],
    [t('audit.hash'), hash],
  ];
  return (
    <details>
      <summary>{t('audit.open')}</summary>
      <dl className="audit-detail">
        {facts.map(([name, value]) =>
          value === undefined ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <code>{value}</code>
              </dd>
            </div>
          ),
        )}
      </dl>
    </details>
  );
}
