import type { Contact } from '@fengsui/protocol';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePermission, useSession } from '../account/use-session.ts';
import { ProblemNote } from '../api/problem-note.tsx';
import { queries } from '../api/queries.ts';
import { api } from '../api/resources.ts';
import { usualWays } from '../call-out/contact-ways.tsx';
import { TestCallDialog } from '../call-out/test-call-dialog.tsx';
import { DialogForm } from '../shell/dialog-form.tsx';
import { ContactDialog } from './contact-dialog.tsx';

type Open =
  | { readonly kind: 'write'; readonly contact?: Contact }
  | { readonly kind: 'remove' | 'test'; readonly contact: Contact };

/** People to call about a venue, or of the duty desk (`venueId` empty), in order; nothing of them without the right to see it. */
export function ContactPanel({ venueId }: { readonly venueId: string }) {
  const { t } = useTranslation();
  const session = useSession();
  const maySee = usePermission('contact.read');
  const mayWrite = usePermission('registry.manage') && maySee;
  const [open, setOpen] = useState<Open>();
  const isDesk = venueId === '';
  const titleId = useId();
  const contacts = useQuery({ ...queries.contacts(venueId), enabled: maySee });
  const ordered = [...(contacts.data ?? [])].sort((a, b) => (a.rank ?? 99) - (b.rank ?? 99));
  return (
    <section className="panel" aria-labelledby={titleId} data-testid={isDesk ? 'duty-contacts' : 'contacts'}>
      <header>
        <h2 id={titleId}>{t(isDesk ? 'callOut.deskTitle' : 'contact.title')}</h2>
        {mayWrite && contacts.data ? (
          <button type="button" className="end" onClick={() => setOpen({ kind: 'write' })} data-testid="add-contact">
            {t('contact.add')}
          </button>
        ) : null}
      </header>
      {!maySee && session ? (
        <p className="muted" data-testid="contacts-hidden">
          {t('contact.hidden', { role: t(`role.${session.role}`) })}
        </p>
      ) : null}
      {contacts.isError && !contacts.data ? (
        <ProblemNote error={contacts.error} onRetry={() => void contacts.refetch()} />
      ) : null}
      {isDesk && maySee ? <p className="muted">{t('callOut.deskWhy')}</p> : null}
      {contacts.data?.length === 0 ? <p className="empty">{t(isDesk ? 'callOut.deskNone' : 'contact.none')}</p> : null}
      {ordered.length > 0 ? (
        <div className="table-scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">{t('contact.rank')}</th>
                <th scope="col">{t('contact.name')}</th>
                <th scope="col">{t('contact.roleLabel')}</th>
                <th scope="col">{t('contact.phone')}</th>
                <th scope="col">{t('callOut.ways')}</th>
                <th scope="col">
                  <span className="visually-hidden">{t('contact.actions')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {ordered.map((contact) => {
                const { id, rank, name, role, phone, ways = usualWays } = contact;
                return (
                  <tr key={id} data-testid="contact" data-contact-id={id}>
                    <td>{rank ?? '–'}</td>
                    <td>{name}</td>
                    <td>{t(`contact.role.${role}`)}</td>
                    <td>
                      <a href={`tel:${phone}`}>{phone}</a>
                    </td>
                    <td>
                      {ways.length === 0
                        ? t('callOut.waysNone')
                        : ways.map(({ channel }) => t(`callOut.channel.${channel}`)).join(' → ')}
                    </td>
                    <td className="number">
                      <button type="button" className="plain" onClick={() => setOpen({ kind: 'test', contact })}>
                        {t('callOut.test')}
                        <span className="visually-hidden"> {name}</span>
                      </button>
                      {mayWrite ? (
                        <>
                          <button type="button" className="plain" onClick={() => setOpen({ kind: 'write', contact })}>
                            {t('contact.edit')}
                            <span className="visually-hidden"> {name}</span>
                          </button>
                          <button type="button" className="plain" onClick={() => setOpen({ kind: 'remove', contact })}>
                            {t('contact.remove')}
                            <span className="visually-hidden"> {name}</span>
                          </button>
                        </>
                      ) : null}
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      ) : null}
      {open?.kind === 'write' ? (
        <ContactDialog
          venueId={venueId}
          {...(open.contact && { contact: open.contact })}
          nextRank={Math.min(99, 1 + Math.max(0, ...ordered.map(({ rank }) => rank ?? 0)))}
          onClose={() => setOpen(undefined)}
        />
      ) : null}
      {open?.kind === 'test' ? <TestCallDialog contact={open.contact} onClose={() => setOpen(undefined)} /> : null}
      {open?.kind === 'remove' ? <RemoveDialog contact={open.contact} onClose={() => setOpen(undefined)} /> : null}
    </section>
  );
}

function RemoveDialog({ contact, onClose }: { readonly contact: Contact; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api.removeContact(contact.venueId, contact.id),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['contacts', contact.venueId] });
      onClose();
    },
  });
  return (
    <DialogForm
      title={t('contact.removeTitle')}
      submit={t('contact.remove')}
      isBusy={remove.isPending}
      error={remove.error}
      missing={() => undefined}
      onSend={() => remove.mutate()}
      onClose={onClose}
    >
      <p>
        {contact.name} · {t(`contact.role.${contact.role}`)}
      </p>
      <p className="muted">{t('contact.removeWhy')}</p>
    </DialogForm>
  );
}
