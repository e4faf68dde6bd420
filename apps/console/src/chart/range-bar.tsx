import { useTranslation } from 'react-i18next';
import { defaultRange, rangePresets, type RangeSearch } from './time-range.ts';

export type RangeBarProps = {
  readonly search: RangeSearch;
  readonly onRange: (search: RangeSearch) => void;
};

/** Presets that follow the clock, and the way back from a brushed range. */
export function RangeBar({ search, onRange }: RangeBarProps) {
  const { t } = useTranslation();
  const isFixed = search.from !== undefined;
  const chosen = isFixed ? undefined : (search.range ?? defaultRange);
  return (
    <div className="range-bar">
      <div className="presets" role="group" aria-label={t('trend.range')}>
        {rangePresets.map((preset) => (
          <button
            key={preset}
            type="button"
            aria-pressed={preset === chosen}
            onClick={() => onRange({ range: preset })}
          >
            {preset}
          </button>
        ))}
      </div>
      {isFixed ? (
        <button type="button" onClick={() => onRange({})}>
          {t('trend.back')}
        </button>
      ) : null}
      <span className="muted">{t('trend.brush')}</span>
    </div>
  );
}
