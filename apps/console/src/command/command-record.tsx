import type { DeviceCommand, Point } from '@fengsui/protocol';
import { useTranslation } from 'react-i18next';
import { formatDataAge } from '../format/duration.ts';
import { useCentreNow } from '../format/age.tsx';
import { formatNear, toEpochMs } from '../format/instant.ts';
import { CommandResult } from './command-result.tsx';
import { codeWords, commandName } from './command-words.ts';

/** How long after its expiry a reply is waited for before the centre calls it timed out. */
const GRACE_MS = 5_000;
/** A siren that is not told for how long. */
const DEFAULT_SIREN_S = 60;

/** One command: who asked for what and why, how far it came, and what the device read back or why it refused. */
export function CommandRecord({
  command,
  points,
}: {
  readonly command: DeviceCommand;
  readonly points: readonly Point[];
}) {
  const { t } = useTranslation();
  const { state, requestedAt, sentAt, repliedAt, expiresAt, code, detail } = command;
  const isOpen = state === 'requested' || state === 'sent';
  const now = useCentreNow(1_000);
  const took = (toEpochMs(repliedAt) ?? Number.NaN) - (toEpochMs(sentAt ?? requestedAt) ?? Number.NaN);
  return (
    <li
      data-testid="command"
      data-state={state}
      data-name={command.name}
      {...(code !== undefined && { 'data-code': code })}
    >
      <div className="command-line">
        <b>{commandName(t, command.name)}</b>
        <span className="muted">{argumentWords(command)}</span>
        <span className={`chip command-state ${state}`}>{t(`command.state.${state}`)}</span>
        {command.late ? <span className="tag">{t('command.late')}</span> : null}
        <time className="muted" dateTime={requestedAt}>
          {formatNear(requestedAt, now)}
        </time>
      </div>
      <p className="muted sub">{t('command.by', { who: command.by, reason: command.reason })}</p>
      <p className={state === 'refused' || state === 'failed' || state === 'expired' ? 'warn-words' : 'muted'}>
        {code === undefined ? t(`command.stateWhy.${state}`) : codeWords(t, code, detail)}
        {isOpen ? ` ${t('command.left', { time: formatDataAge(Date.parse(expiresAt) + GRACE_MS - now) })}` : ''}
        {Number.isFinite(took) && state === 'done' ? ` ${t('command.took', { time: formatDataAge(took) })}` : ''}
      </p>
      {state === 'done' || state === 'failed' ? <CommandResult command={command} points={points} /> : null}
    </li>
  );
}

/** `c1`, `5 min`: arguments in short. */
function argumentWords({ name, args }: DeviceCommand): string {
  const { circuit, minutes, on, durationS, version } = args;
  if (typeof circuit === 'string') return circuit;
  if (name === 'silence' && typeof minutes === 'number') return `${minutes} min`;
  if (name === 'siren') return on === true ? `${typeof durationS === 'number' ? durationS : DEFAULT_SIREN_S} s` : '×';
  return name === 'configure' && typeof version === 'number' ? `v${version}` : '';
}
