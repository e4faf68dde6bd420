import './sound.css';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePermission, useSession } from '../account/use-session.ts';
import { areLetterKeysOn } from '../desk/use-letter-keys.ts';
import { formatStopwatch } from '../format/duration.ts';
import { useNow } from '../format/use-now.ts';
import { useLiveView } from '../live/live-feed.tsx';
import { SoundPlayer } from './sound-player.ts';
import { becomeSoundingTab } from './sounding-tab.ts';
import { useEndingNotice } from './use-ending-notice.ts';
import { useTellSound } from './use-tell-sound.ts';
import { silenceOf, wantedSound, type Silence, type WantedSound } from './wanted-sound.ts';

/** In the head of every page of who acknowledges alarms, where nothing below moves for it: what the seat sounds, and in words when it cannot. */
export function SeatSound() {
  const isSeat = usePermission('alarm.acknowledge');
  return isSeat ? <SoundChip /> : null;
}

/** After one of these a browser lets a page sound. */
const GESTURES = ['pointerdown', 'keydown'] as const;

type Trial = 'none' | 'asked' | 'heard' | 'notHeard';

/** What this page sounds: of a seat always, of a wall when it is switched on. */
export function SoundChip() {
  const { state, phase } = useLiveView();
  const now = useNow(500);
  const player = usePlayer();
  const isSounding = useSoundingTab();
  const isAllowed = useIsAllowed(player);
  const [trial, setTrial] = useTrial();
  const [silence, setSilence] = useState<Silence>();
  const facts = { alarms: state.alarms.values(), phase, now };
  const wanted = wantedSound({ ...facts, silence });
  const silenceLeftMs = silence === undefined ? 0 : silence.until - now;
  const isSilenced =
    silenceLeftMs > 0 &&
    silence !== undefined &&
    wantedSound({ ...facts, alarms: state.alarms.values(), silence: undefined }) !== undefined;

  const { sound, isReal } = wanted ?? {};
  useEffect(() => {
    // What is scheduled while the browser keeps silent would all come at once when it no longer does.
    const isPlayable = isSounding && isAllowed && sound !== undefined && isReal !== undefined;
    player?.play(isPlayable ? { sound, isReal } : undefined);
  }, [player, isSounding, isAllowed, sound, isReal]);

  const silenceNow = (): void => setSilence(silenceOf({ alarms: state.alarms.values(), phase, now: Date.now() }));
  useEffect(() => {
    const onKey = ({ key, target, ctrlKey, altKey, metaKey }: KeyboardEvent): void => {
      const isTyping = target instanceof HTMLElement && target.closest('input, textarea, select') !== null;
      if (key.toLowerCase() !== 'm' || isTyping || ctrlKey || altKey || metaKey || !areLetterKeysOn()) return;
      silenceNow();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  });

  useEndingNotice(
    isSounding && isAllowed && sound === undefined,
    useCallback(() => player?.once('notice'), [player]),
  );

  const isSure = isAllowed && trial === 'heard';
  const isSoundless = trial === 'notHeard' || !('AudioContext' in window);
  useTellSound(isSounding, isSure ? 'tried' : isSoundless ? 'none' : 'untried');

  if (!isSounding) return null;
  const tryOut = async (): Promise<void> => {
    await player?.allow();
    player?.once('trial');
    setTrial('asked');
  };
  return (
    <div
      className={isSure ? 'sound-chip' : 'sound-chip mute'}
      role={isSure ? 'status' : 'alert'}
      data-testid="seat-sound"
      data-sound={wanted?.sound ?? 'none'}
    >
      {isSure ? (
        <Sounding wanted={wanted} silenceLeftMs={isSilenced ? silenceLeftMs : 0} onSilence={silenceNow} />
      ) : (
        <Untried trial={trial} isAllowed={isAllowed} onTry={() => void tryOut()} onHeard={setTrial} />
      )}
    </div>
  );
}

type SoundingProps = {
  readonly wanted: WantedSound | undefined;
  readonly silenceLeftMs: number;
  readonly onSilence: () => void;
};

function Sounding({ wanted, silenceLeftMs, onSilence }: SoundingProps) {
  const { t } = useTranslation();
  const silenced =
    silenceLeftMs > 0 ? (
      <span data-testid="silenced">{t('sound.silenced', { left: formatStopwatch(silenceLeftMs) })}</span>
    ) : null;
  if (wanted === undefined) return silenced ?? <span className="muted">{t('sound.ready')}</span>;
  return (
    <>
      <span>{t(`sound.of.${wanted.sound}`)}</span>
      <button type="button" data-testid="silence" title={t('sound.silenceWhy')} onClick={onSilence}>
        {t('sound.silence')} <kbd>M</kbd>
      </button>
    </>
  );
}

type UntriedProps = {
  readonly trial: Trial;
  readonly isAllowed: boolean;
  readonly onTry: () => void;
  readonly onHeard: (trial: Trial) => void;
};

function Untried({ trial, isAllowed, onTry, onHeard }: UntriedProps) {
  const { t } = useTranslation();
  const isFailed = trial === 'notHeard';
  return (
    <>
      <b {...(isFailed && { title: t('sound.notHeardWhy') })}>
        {t(isFailed ? 'sound.notHeard' : isAllowed ? 'sound.untried' : 'sound.mute')}
      </b>
      {trial === 'asked' && isAllowed ? (
        <>
          <button type="button" className="primary" onClick={() => onHeard('heard')}>
            {t('sound.heard')}
          </button>
          <button type="button" onClick={() => onHeard('notHeard')}>
            {t('sound.heardNothing')}
          </button>
        </>
      ) : (
        <button type="button" data-testid="try-sound" onClick={onTry}>
          {t(trial === 'none' ? 'sound.try' : 'sound.tryAgain')}
        </button>
      )}
    </>
  );
}

const HEARD = 'fengsui.soundHeard';

/** Tried once in this tab and log-in, it need not be tried after a reload: the first click lets it sound again. */
function useTrial(): readonly [Trial, (trial: Trial) => void] {
  const logIn = useSession()?.csrfToken.slice(0, 8) ?? '';
  const [trial, setTrial] = useState<Trial>(() => (window.sessionStorage.getItem(HEARD) === logIn ? 'heard' : 'none'));
  return [
    trial,
    (next) => {
      setTrial(next);
      if (next === 'heard') window.sessionStorage.setItem(HEARD, logIn);
      else window.sessionStorage.removeItem(HEARD);
    },
  ];
}

/** Undefined in a browser without sound. */
function usePlayer(): SoundPlayer | undefined {
  const [player, setPlayer] = useState<SoundPlayer>();
  useEffect(() => {
    if (!('AudioContext' in window)) return;
    const made = new SoundPlayer(new AudioContext());
    setPlayer(made);
    const allow = (): void => void made.allow();
    for (const gesture of GESTURES) window.addEventListener(gesture, allow);
    return () => {
      for (const gesture of GESTURES) window.removeEventListener(gesture, allow);
      made.close();
    };
  }, []);
  return player;
}

function useSoundingTab(): boolean {
  const [isSounding, setSounding] = useState(false);
  useEffect(() => becomeSoundingTab(() => setSounding(true)), []);
  return isSounding;
}

function useIsAllowed(player: SoundPlayer | undefined): boolean {
  const [isAllowed, setAllowed] = useState(false);
  useEffect(() => {
    if (player === undefined) return;
    const look = (): void => setAllowed(player.isAllowed);
    look();
    return player.onAllowedChange(look);
  }, [player]);
  return isAllowed;
}
