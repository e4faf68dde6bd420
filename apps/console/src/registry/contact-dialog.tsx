import {
  contactRoles,
  reachLanguages,
  type Contact,
  type ContactRole,
  type ReachLanguage,
  type ReachWay,
} from '@fengsui/protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/resources.ts';
import { ContactWays, usualWays } from '../call-out/contact-ways.tsx';
import { DialogForm } from '../shell/dialog-form.tsx';

export type ContactDialogProps = {
  readonly venueId: string;
  /** Absent: a new one. */
  readonly contact?: Contact;
  /** Place in the order of calls proposed for a new one. */
  readonly nextRank: number;
  readonly onClose: () => void;
};

/** Writes who is called about a venue. */
export function ContactDialog({ venueId, contact, nextRank, onClose }: ContactDialogProps) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  // Also kept through a retry: the same contact, not a second one.
  const [id] = useState(() => contact?.id ?? newContactId());
  const [name, setName] = useState(contact?.name ?? '');
  const [phone, setPhone] = useState(contact?.phone ?? '');
  const [role, setRole] = useState<ContactRole>(contact?.role ?? 'duty');
  const [rank, setRank] = useState(String(contact?.rank ?? (contact ? '' : nextRank)));
  const [language, setLanguage] = useState<ReachLanguage>(contact?.language ?? 'zh');
  const [ways, setWays] = useState<readonly ReachWay[]>(contact?.ways ?? usualWays);
  const save = useMutation({
    mutationFn: () =>
      api.putContact({
        id,
        venueId,
        name: name.trim(),
        role,
        phone: phone.trim(),
        ...(rank !== '' && { rank: Number(rank) }),
        language,
        ways: [...ways],
      }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['contacts', venueId] });
      onClose();
    },
  });
  return (
    <DialogForm
      title={t(contact ? 'contact.editTitle' : 'contact.addTitle')}
      submit={t('contact.save')}
      isBusy={save.isPending}
      error={save.error}
      missing={() =>
        name.trim() === '' ? t('contact.nameMissing') : phone.trim() === '' ? t('contact.phoneMissing') : undefined
      }
      onSend={() => save.mutate()}
      onClose={onClose}
    >
      <label className="field">
        {t('contact.name')}
        <input
          name="contactName"
          value={name}
          maxLength={120}
          autoComplete="off"
          onChange={({ target }) => setName(target.value)}
        />
      </label>
      <label className="field">
        {t('contact.phone')}
        <input
          name="contactPhone"
          type="tel"
          value={phone}
          maxLength={60}
          autoComplete="off"
          onChange={({ target }) => setPhone(target.value)}
        />
      </label>
      <div className="field-pair">
        <label className="field">
          {t('contact.roleLabel')}
          <select
            value={role}
            onChange={({ target }) => setRole(contactRoles.find((word) => word === target.value) ?? 'other')}
          >
            {contactRoles.map((word) => (
              <option key={word} value={word}>
                {t(`contact.role.${word}`)}
              </option>
            ))}
          </select>
        </label>
        <label className="field">
          {t('contact.rank')}
          <input type="number" min={1} max={99} value={rank} onChange={({ target }) => setRank(target.value)} />
          <small>{t('contact.rankWhy')}</small>
        </label>
      </div>
      <label className="field">
        {t('callOut.language')}
        <select
          value={language}
          onChange={({ target }) => setLanguage(reachLanguages.find((word) => word === target.value) ?? 'zh')}
        >
          {reachLanguages.map((word) => (
            <option key={word} value={word}>
              {t(`callOut.languages.${word}`)}
            </option>
          ))}
        </select>
      </label>
      <ContactWays ways={ways} onChange={setWays} />
    </DialogForm>
  );
}

/** `crypto.randomUUID` exists on HTTPS and loopback only. */
function newContactId(): string {
  return [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
