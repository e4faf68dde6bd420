import {
  callOutcomes,
  incidentCauses,
  incidentVerdicts,
  verificationMeans,
  type Incident,
  type IncidentAct,
} from '@fengsui/protocol';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { usePermission } from '../account/use-session.ts';
import { queries } from '../api/queries.ts';
import { Modal } from '../shell/modal.tsx';
import { CallSheet } from './call-sheet.tsx';
import { incidentApi, incidentQueries } from './incident-resources.ts';
import { useIncidentAct } from './use-incident-act.ts';

/** Acts that ask for something. */
export type AskedAct = Exclude<IncidentAct, 'take'>;

type DialogProps = { readonly act: AskedAct; readonly incident: Incident; readonly onClose: () => void };

/** The form of one act: what it needs to be said, and nothing else. */
export function ActDialog({ act, incident, onClose }: DialogProps) {
  switch (act) {
    case 'call':
    case 'send':
    case 'arrive':
      return <PersonForm act={act} incident={incident} onClose={onClose} />;
    case 'verify':
      return <VerifyForm incident={incident} onClose={onClose} />;
    case 'tell':
      return <TellForm incident={incident} onClose={onClose} />;
    case 'close':
      return <CloseForm incident={incident} onClose={onClose} />;
    case 'offer':
      return <OfferForm incident={incident} onClose={onClose} />;
    case 'note':
      return <NoteForm incident={incident} onClose={onClose} />;
    case 'plan':
    case 'takeOver':
      return <WordsForm act={act} incident={incident} onClose={onClose} />;
  }
}

type FormProps = Omit<DialogProps, 'act'>;

type FrameProps = FormProps & {
  readonly act: AskedAct;
  readonly children: ReactNode;
  /** What is missing, said instead of sending. */
  readonly missing?: () => string | undefined;
  readonly send: () => Promise<Incident>;
};

function Frame({ act, incident, children, missing, send, onClose }: FrameProps) {
  const { t } = useTranslation();
  const { run, isBusy, failure } = useIncidentAct(incident.id);
  const [lacks, setLacks] = useState<string>();
  const words = lacks ?? failure;
  const submit = async (): Promise<void> => {
    const lacking = missing?.();
    setLacks(lacking);
    if (lacking === undefined && (await run(send)) === undefined) onClose();
  };
  return (
    <Modal title={t('incident.actTitle', { act: t(`incident.act.${act}`), n: incident.number })} onClose={onClose}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {children}
        {words === undefined ? null : (
          <p className="problem" role="alert">
            {words}
          </p>
        )}
        <div className="actions">
          <button type="button" onClick={onClose}>
            {t('dialog.cancel')}
          </button>
          <button type="submit" className="primary" disabled={isBusy} data-testid="incident-record">
            {isBusy ? t('desk.sending') : t('incident.record')}
          </button>
        </div>
      </form>
    </Modal>
  );
}

/** What was said, left out when nothing was. */
const noted = (note: string): { readonly note?: string } => (note.trim() === '' ? {} : { note: note.trim() });

type NoteProps = {
  readonly note: string;
  readonly onNote: (note: string) => void;
  readonly isRequired?: boolean;
  readonly isFirst?: boolean;
};

function Note({ note, onNote, isRequired = false, isFirst = false }: NoteProps) {
  const { t } = useTranslation();
  return (
    <label className="field">
      {t(isRequired ? 'incident.words' : 'dialog.note')}
      <textarea
        name="note"
        maxLength={1000}
        value={note}
        {...(isFirst && { 'data-first': '' })}
        onChange={({ target }) => onNote(target.value)}
      />
    </label>
  );
}

type Choice<Word extends string> = {
  readonly label: string;
  readonly name: string;
  readonly words: readonly Word[];
  readonly value: Word | undefined;
  readonly nameOf: (word: Word) => string;
  readonly onChoose: (word: Word) => void;
  readonly isFirst?: boolean;
};

/** Radio buttons as large as a thumb; arrows choose, so the keyboard alone does. */
function Choices<Word extends string>({ label, name, words, value, nameOf, onChoose, isFirst = false }: Choice<Word>) {
  return (
    <fieldset className="incident-choices">
      <legend>{label}</legend>
      {words.map((word, index) => (
        <label key={word} className={word === value ? 'chosen' : undefined}>
          <input
            type="radio"
            name={name}
            value={word}
            checked={word === value}
            {...(isFirst && (value === undefined ? index === 0 : word === value) && { 'data-first': '' })}
            onChange={() => onChoose(word)}
          />
          {nameOf(word)}
        </label>
      ))}
    </fieldset>
  );
}

/** Whom: the people of the venue in their order, or anybody. */
function PersonForm({ act, incident, onClose }: FormProps & { readonly act: 'call' | 'send' | 'arrive' }) {
  const { t } = useTranslation();
  const maySee = usePermission('contact.read');
  const contacts = useQuery({ ...queries.contacts(incident.venueId), enabled: maySee });
  const ordered = (contacts.data ?? []).toSorted((a, b) => (a.rank ?? 99) - (b.rank ?? 99));
  const [whom, setWhom] = useState<string>();
  const [outcome, setOutcome] = useState<(typeof callOutcomes)[number]>('answered');
  const [note, setNote] = useState('');
  const nameOf = ({ name, role, phone }: (typeof ordered)[number]): string =>
    `${name} · ${t(`contact.role.${role}`)} · ${phone}`;
  const said = (whom ?? (ordered[0] === undefined ? '' : nameOf(ordered[0]))).trim();
  return (
    <Frame
      act={act}
      incident={incident}
      onClose={onClose}
      missing={() => (said === '' ? t('incident.whomMissing') : undefined)}
      send={() => {
        const person = { whom: said, ...noted(note) };
        return act === 'call' ? incidentApi.call(incident, { ...person, outcome }) : incidentApi[act](incident, person);
      }}
    >
      {ordered.length === 0 ? null : (
        <ul className="incident-contacts">
          {ordered.map((contact) => (
            <li key={contact.id}>
              <button type="button" aria-pressed={said === nameOf(contact)} onClick={() => setWhom(nameOf(contact))}>
                {contact.name} · {t(`contact.role.${contact.role}`)}
              </button>
              <a href={`tel:${contact.phone}`}>{contact.phone}</a>
            </li>
          ))}
        </ul>
      )}
      <label className="field">
        {t(`incident.whom.${act}`)}
        <input name="whom" maxLength={100} value={whom ?? said} onChange={({ target }) => setWhom(target.value)} />
      </label>
      {act === 'call' ? (
        <Choices
          label={t('incident.outcomeIs')}
          name="outcome"
          words={callOutcomes}
          value={outcome}
          nameOf={(word) => t(`incident.outcome.${word}`)}
          onChoose={setOutcome}
          isFirst
        />
      ) : null}
      <Note note={note} onNote={setNote} />
    </Frame>
  );
}

function VerifyForm({ incident, onClose }: FormProps) {
  const { t } = useTranslation();
  const [verdict, setVerdict] = useState<(typeof incidentVerdicts)[number]>();
  const [means, setMeans] = useState<(typeof verificationMeans)[number]>('call');
  const [note, setNote] = useState('');
  return (
    <Frame
      act="verify"
      incident={incident}
      onClose={onClose}
      missing={() => (verdict === undefined ? t('incident.verdictMissing') : undefined)}
      send={() => incidentApi.verify(incident, { verdict: verdict ?? 'true', means, ...noted(note) })}
    >
      <p>{t('incident.judged', { n: incident.alarmCount })}</p>
      <Choices
        label={t('incident.verdictIs')}
        name="verdict"
        words={incidentVerdicts}
        value={verdict}
        nameOf={(word) => t(`incident.verdict.${word}`)}
        onChoose={setVerdict}
        isFirst
      />
      <Choices
        label={t('incident.meansIs')}
        name="means"
        words={verificationMeans}
        value={means}
        nameOf={(word) => t(`incident.means.${word}`)}
        onChoose={setMeans}
      />
      <Note note={note} onNote={setNote} />
    </Frame>
  );
}

function TellForm({ incident, onClose }: FormProps) {
  const { t } = useTranslation();
  const [answeredBy, setAnsweredBy] = useState('');
  const [note, setNote] = useState('');
  return (
    <Frame
      act="tell"
      incident={incident}
      onClose={onClose}
      missing={() => (answeredBy.trim() === '' ? t('incident.answeredByMissing') : undefined)}
      send={() => incidentApi.tell(incident, { answeredBy: answeredBy.trim(), ...noted(note) })}
    >
      {incident.state === 'dismissed' ? <p className="problem">{t('incident.tellCancel')}</p> : null}
      <CallSheet incident={incident} />
      <label className="field">
        {t('incident.answeredBy')}
        <input
          name="answeredBy"
          maxLength={100}
          value={answeredBy}
          data-first=""
          onChange={({ target }) => setAnsweredBy(target.value)}
        />
      </label>
      <Note note={note} onNote={setNote} />
    </Frame>
  );
}

function CloseForm({ incident, onClose }: FormProps) {
  const { t } = useTranslation();
  const [cause, setCause] = useState<(typeof incidentCauses)[number]>();
  const [note, setNote] = useState('');
  return (
    <Frame
      act="close"
      incident={incident}
      onClose={onClose}
      missing={() =>
        cause === undefined
          ? t('incident.causeMissing')
          : note.trim() === ''
            ? t('incident.closeWordsMissing')
            : undefined
      }
      send={() => incidentApi.close(incident, { cause: cause ?? 'unknown', note: note.trim() })}
    >
      <Choices
        label={t('incident.causeIs')}
        name="cause"
        words={incidentCauses}
        value={cause}
        nameOf={(word) => t(`incident.cause.${word}`)}
        onChoose={setCause}
        isFirst
      />
      <Note note={note} onNote={setNote} isRequired />
    </Frame>
  );
}

function OfferForm({ incident, onClose }: FormProps) {
  const { t } = useTranslation();
  const found = useQuery(incidentQueries.handlers(incident.id));
  const people = (found.data?.people ?? []).filter(({ username }) => username !== incident.owner);
  const [to, setTo] = useState<string>();
  const [note, setNote] = useState('');
  const counts = new Map(people.map(({ username, openIncidents }) => [username, openIncidents]));
  return (
    <Frame
      act="offer"
      incident={incident}
      onClose={onClose}
      missing={() => (to === undefined ? t('incident.toMissing') : undefined)}
      send={() => incidentApi.offer(incident, { to: to ?? '', ...noted(note) })}
    >
      {found.isSuccess && people.length === 0 ? <p>{t('incident.noHandlers')}</p> : null}
      <Choices
        label={t('incident.to')}
        name="to"
        words={people.map(({ username }) => username)}
        value={to}
        nameOf={(username) => t('incident.handler', { who: username, n: counts.get(username) ?? 0 })}
        onChoose={setTo}
        isFirst
      />
      <Note note={note} onNote={setNote} />
    </Frame>
  );
}

function WordsForm({ act, incident, onClose }: FormProps & { readonly act: 'plan' | 'takeOver' }) {
  const { t } = useTranslation();
  const [words, setWords] = useState('');
  const said = words.trim();
  return (
    <Frame
      act={act}
      incident={incident}
      onClose={onClose}
      missing={() => (said === '' ? t('incident.wordsMissing') : undefined)}
      send={() => incidentApi[act](incident, said)}
    >
      <Note note={words} onNote={setWords} isRequired isFirst />
    </Frame>
  );
}

/** What happened just now, or what was written by hand while the screens were dark. */
function NoteForm({ incident, onClose }: FormProps) {
  const { t } = useTranslation();
  const [words, setWords] = useState('');
  const [happenedAt, setHappenedAt] = useState('');
  const said = words.trim();
  return (
    <Frame
      act="note"
      incident={incident}
      onClose={onClose}
      missing={() => (said === '' ? t('incident.wordsMissing') : undefined)}
      send={() => incidentApi.note(incident, said, happenedAt === '' ? undefined : new Date(happenedAt).toISOString())}
    >
      <Note note={words} onNote={setWords} isRequired isFirst />
      <label className="field">
        {t('incident.happenedAt')}
        <input
          type="datetime-local"
          name="happenedAt"
          value={happenedAt}
          onChange={({ target }) => setHappenedAt(target.value)}
        />
      </label>
    </Frame>
  );
}
