import type { Alarm } from '@fengsui/protocol';
import { useTranslation } from 'react-i18next';
import type { GroupEntry } from '../alarm/group-queue.ts';
import { useVenues } from '../alarm/use-place.ts';
import { api } from '../api/resources.ts';
import { kindName, nameOf } from '../locale/words.ts';
import { HelpSheet } from './help-sheet.tsx';
import { NoteDialog } from './note-dialog.tsx';
import { ShelveDialog } from './shelve-dialog.tsx';
import { VerdictDialog } from './verdict-dialog.tsx';

/** Of a street without mains nobody reads them all. */
const MOST_NAMED = 5;

/** The dialog that is open, with the alarms it is about. */
export type DeskDialogState =
  | {
      readonly kind: 'acknowledge' | 'shelve' | 'inspect' | 'judge';
      readonly alarms: readonly Alarm[];
      /** They are acknowledged in one act. */
      readonly group?: GroupEntry;
    }
  | { readonly kind: 'help' };

export type DeskDialogProps = {
  readonly dialog: DeskDialogState;
  readonly areLettersOn: boolean;
  readonly onLetters: (isOn: boolean) => void;
  /** Sends an act for each alarm; resolves to the words of the first refusal. */
  readonly onSend: (
    alarms: readonly Alarm[],
    send: (alarmId: string) => Promise<unknown>,
  ) => Promise<string | undefined>;
  readonly onSendGroup: (group: GroupEntry, note: string) => Promise<string | undefined>;
  readonly onTour: () => void;
  readonly onClose: () => void;
};

export function DeskDialog({ dialog, areLettersOn, onLetters, onSend, onSendGroup, onTour, onClose }: DeskDialogProps) {
  const { t, i18n } = useTranslation();
  const venues = useVenues();
  if (dialog.kind === 'help')
    return <HelpSheet areLettersOn={areLettersOn} onLetters={onLetters} onTour={onTour} onClose={onClose} />;
  const { kind, alarms, group } = dialog;
  const subject = alarms
    .slice(0, MOST_NAMED)
    .map((alarm) => `${kindName(t, alarm.kind)} · ${nameOf(venues.get(alarm.venueId), i18n.language, alarm.venueId)}`)
    .join('; ')
    .concat(alarms.length > MOST_NAMED ? ` … (${alarms.length})` : '');
  if (kind === 'judge')
    return <VerdictDialog alarmIds={alarms.map(({ id }) => id)} subject={subject} onClose={onClose} />;
  if (kind === 'shelve') {
    return (
      <ShelveDialog
        subject={subject}
        onSend={(until, reason) => onSend(alarms, (id) => api.shelve(id, until, reason))}
        onClose={onClose}
      />
    );
  }
  return (
    <NoteDialog
      purpose={kind}
      subject={subject}
      onSend={(note) =>
        group !== undefined
          ? onSendGroup(group, note)
          : onSend(alarms, (id) => (kind === 'inspect' ? api.inspect(id, note) : api.acknowledge(id, note)))
      }
      onClose={onClose}
    />
  );
}
