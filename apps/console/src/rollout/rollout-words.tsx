import type { Rollout } from '@fengsui/protocol';
import { useTranslation } from 'react-i18next';
import { useVenues } from '../alarm/use-place.ts';
import type { Translate } from '../locale/i18n.ts';
import { isKeyOf } from '../locale/is-key-of.ts';
import { nameOf } from '../locale/words.ts';
import { zh } from '../locale/zh.ts';

export function RolloutState({ rollout }: { readonly rollout: Pick<Rollout, 'state'> }) {
  const { t } = useTranslation();
  return (
    <span
      className={`tag${rollout.state === 'stopped' ? ' warn' : ''}`}
      data-testid="rollout-state"
      data-state={rollout.state}
    >
      {t(`rollout.state.${rollout.state}`)}
    </span>
  );
}

export function GroupWords({ group }: { readonly group: Rollout['group'] }) {
  const { t, i18n } = useTranslation();
  const venues = useVenues();
  if (group.kind === 'all') return <>{t('rollout.group.all')}</>;
  const { id = '' } = group;
  const name = group.kind === 'venue' ? nameOf(venues.get(id), i18n.language, id) : id;
  return (
    <>
      {t(`rollout.group.${group.kind}`)} {name}
    </>
  );
}

/** Why a device failed; what the console has no words for is shown as it is. */
export function codeWords(t: Translate, code: string): string {
  return isKeyOf(zh.rollout.code, code) ? t(`rollout.code.${code}`) : code;
}

export function stepWords(t: Translate, what: string): string {
  return isKeyOf(zh.rollout.step, what) ? t(`rollout.step.${what}`) : what;
}
