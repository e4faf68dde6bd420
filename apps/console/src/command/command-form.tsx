import type { Device, DeviceCommand, Point } from '@fengsui/protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePermission } from '../account/use-session.ts';
import { prefixOfPoint } from '../alarm/alarm-quantity.ts';
import { api } from '../api/resources.ts';
import {
  argumentsOf,
  emptyFields,
  needsCircuit,
  offeredCommands,
  type CommandFields,
  type OfferedCommand,
} from './command-order.ts';
import { CommandArguments } from './command-arguments.tsx';
import { commandName, refusalWords } from './command-words.ts';

export type CommandFormProps = {
  readonly device: Device;
  readonly points: readonly Point[];
  /** Commands given before: the next configuration takes the version behind theirs. */
  readonly earlier: readonly DeviceCommand[];
};

/** Chooses a command, its arguments and the reason. What may not be done is refused by the API, and said in words. */
export function CommandForm({ device, points, earlier }: CommandFormProps) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const mayConfigure = usePermission('device.configure');
  const group = useId();
  const [name, setName] = useState<OfferedCommand>('read');
  const [fields, setFields] = useState<CommandFields>(emptyFields);
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState<string>();
  const circuits = [...new Set(points.map(({ id }) => prefixOfPoint(id)))].filter((prefix) => /^c\d+$/.test(prefix));
  const version = fields.version === '' ? String(nextVersion(earlier)) : fields.version;
  const given: CommandFields = { ...fields, version, circuit: fields.circuit || (circuits[0] ?? 'c1') };

  const give = useMutation({
    mutationFn: (args: Readonly<Record<string, unknown>>) =>
      api.giveCommand(device.id, { name, args, reason: reason.trim() }),
    onSuccess: () => setReason(''),
    // A refusal is on record too.
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['commands', device.id] }),
  });
  const choose = (chosen: OfferedCommand): void => {
    setName(chosen);
    setMissing(undefined);
    give.reset();
  };
  const send = (): void => {
    const args = argumentsOf(name, given);
    if (reason.trim() === '') return setMissing(t('command.reasonMissing'));
    if (args === undefined) return setMissing(t('command.nothingToChange'));
    setMissing(undefined);
    give.mutate(args);
  };
  return (
    <form
      className="command-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <fieldset>
        <legend className="visually-hidden">{t('command.which')}</legend>
        <div className="command-choices">
          {offeredCommands
            .filter((command) => !needsCircuit(command) || circuits.length > 0)
            .map((command) => (
              <label key={command} className="command-choice">
                <input
                  type="radio"
                  name={group}
                  value={command}
                  checked={command === name}
                  disabled={command === 'configure' && !mayConfigure}
                  onChange={() => choose(command)}
                />
                <span>
                  {commandName(t, command)}
                  {command === 'configure' && !mayConfigure ? (
                    <small className="muted"> {t('command.configureRight')}</small>
                  ) : null}
                </span>
              </label>
            ))}
        </div>
      </fieldset>
      <p>{t(`command.what.${name}`)}</p>
      <CommandArguments
        name={name}
        fields={given}
        points={points}
        circuits={circuits}
        onFields={(changes) => setFields({ ...fields, ...changes })}
      />
      <label className="field">
        {t('command.reason')}
        <input
          name="reason"
          value={reason}
          maxLength={500}
          autoComplete="off"
          onChange={({ target }) => setReason(target.value)}
        />
      </label>
      <div className="life-acts">
        <button type="submit" className="primary" disabled={give.isPending} data-testid="give-command">
          {give.isPending ? t('command.sending') : `${t('command.send')} · ${commandName(t, name)}`}
        </button>
      </div>
      {missing === undefined && !give.isError ? (
        <p className="muted">{t('command.notQueued')}</p>
      ) : (
        <p className="problem" role="alert" data-testid="command-refusal">
          {missing ?? refusalWords(t, give.error)}
        </p>
      )}
    </form>
  );
}

/** Behind the highest version that was ever sent to the device; 1 when none was. */
function nextVersion(commands: readonly DeviceCommand[]): number {
  const versions = commands.map(({ name, args, result }) => {
    const own = name === 'configure' ? args['version'] : undefined;
    const read = (result as { configuration?: { version?: unknown } } | undefined)?.configuration?.version;
    return Math.max(typeof own === 'number' ? own : 0, typeof read === 'number' ? read : 0);
  });
  return Math.max(0, ...versions) + 1;
}
