import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SoundChip } from '../sound/seat-sound.tsx';

const storageKey = 'fengsui.wallSound';

/** A wall is silent until somebody lets it sound; kept in the browser. Then it does as a seat does. */
export function WallSound() {
  const { t } = useTranslation();
  const [isOn, setOn] = useState(() => window.localStorage.getItem(storageKey) === 'on');
  const turn = (): void => {
    window.localStorage.setItem(storageKey, isOn ? 'off' : 'on');
    setOn(!isOn);
  };
  return (
    <>
      {isOn ? <SoundChip /> : null}
      <button type="button" aria-pressed={isOn} data-testid="wall-sound" title={t('wall.soundWhy')} onClick={turn}>
        {t(isOn ? 'wall.soundOn' : 'wall.soundOff')}
      </button>
    </>
  );
}
