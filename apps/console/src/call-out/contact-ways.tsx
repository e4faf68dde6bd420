import { REACH_WAYS_PER_PERSON, reachChannels, type ReachChannel, type ReachWay } from '@fengsui/protocol';
import { useTranslation } from 'react-i18next';

/** As a contact that says nothing of it is called. */
export const usualWays: readonly ReachWay[] = [{ channel: 'voice' }, { channel: 'sms' }];

type ContactWaysProps = {
  readonly ways: readonly ReachWay[];
  readonly onChange: (ways: readonly ReachWay[]) => void;
};

/** In which order a person is called by which channel. */
export function ContactWays({ ways, onChange }: ContactWaysProps) {
  const { t } = useTranslation();
  return (
    <fieldset className="contact-ways">
      <legend>{t('callOut.ways')}</legend>
      <small>{ways.length === 0 ? t('callOut.waysNone') : t('callOut.waysWhy')}</small>
      <ol>
        {ways.map((way, index) => (
          <li key={index}>
            <select
              aria-label={t('callOut.wayChannel', { n: index + 1 })}
              value={way.channel}
              onChange={({ target }) => onChange(ways.with(index, { channel: channelOf(target.value) }))}
            >
              {reachChannels.map((channel) => (
                <option key={channel} value={channel}>
                  {t(`callOut.channel.${channel}`)}
                </option>
              ))}
            </select>
            <input
              aria-label={t('callOut.wayTo', { n: index + 1 })}
              placeholder={t(`callOut.to.${way.channel}`)}
              value={way.to ?? ''}
              maxLength={200}
              autoComplete="off"
              disabled={way.channel === 'push'}
              onChange={({ target }) => onChange(ways.with(index, wayTo(way.channel, target.value)))}
            />
            <button type="button" className="plain" onClick={() => onChange(ways.toSpliced(index, 1))}>
              {t('callOut.removeWay')}
            </button>
          </li>
        ))}
      </ol>
      {ways.length < REACH_WAYS_PER_PERSON ? (
        <button type="button" onClick={() => onChange([...ways, { channel: 'mail' }])} data-testid="add-way">
          {t('callOut.addWay')}
        </button>
      ) : null}
    </fieldset>
  );
}

const channelOf = (word: string): ReachChannel => reachChannels.find((channel) => channel === word) ?? 'voice';

const wayTo = (channel: ReachChannel, to: string): ReachWay => ({ channel, ...(to !== '' && { to }) });
