import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePermission, useSession } from '../account/use-session.ts';
import { ProblemNote } from '../api/problem-note.tsx';
import { queries } from '../api/queries.ts';

/** People to call about a venue, in order; nothing of them without the right to see it. */
export function ContactPanel({ venueId }: { readonly venueId: string }) {
  const { t } = useTranslation();
  const session = useSession();
  const maySee = usePermission('contact.read');
  const contacts = useQuery({ ...queries.contacts(venueId), enabled: maySee });
  const ordered = [...(contacts.data ?? [])].sort((a, b) => (a.rank ?? 99) - (b.rank ?? 99));
  return (
    <section className="panel" aria-labelledby="contacts-title" data-testid="contacts">
      <header>
        <h2 id="contacts-title">{t('contact.title')}</h2>
      </header>
      {!maySee && session ? (
        <p className="muted" data-testid="contacts-hidden">
          {t('contact.hidden', { role: t(`role.${session.role}`) })}
        </p>
      ) : null}
      {contacts.isError && !contacts.data ? (
        <ProblemNote error={contacts.error} onRetry={() => void contacts.refetch()} />
      ) : null}
      {contacts.data?.length === 0 ? <p className="empty">{t('contact.none')}</p> : null}
      {ordered.length > 0 ? (
        <table>
          <thead>
            <tr>
              <th scope="col">{t('contact.rank')}</th>
              <th scope="col">{t('contact.name')}</th>
              <th scope="col">{t('contact.roleLabel')}</th>
              <th scope="col">{t('contact.phone')}</th>
            </tr>
          </thead>
          <tbody>
            {ordered.map(({ id, rank, name, role, phone }) => (
              <tr key={id} data-testid="contact">
                <td>{rank ?? '–'}</td>
                <td>{name}</td>
                <td>{t(`contact.role.${role}`)}</td>
                <td>
                  <a href={`tel:${phone}`}>{phone}</a>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
      {ordered.length > 0 ? <p className="muted note">{t('contact.viaImport')}</p> : null}
    </section>
  );
}
