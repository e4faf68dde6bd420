import type { Area, Coverage, Device } from '@fengsui/protocol';
import { useTranslation } from 'react-i18next';
import { nameOf } from '../locale/words.ts';
import { areaLines } from './area-tree.ts';
import { areaUseWord } from './area-words.ts';

export type AreaTreeProps = {
  readonly areas: readonly Area[];
  readonly devices: readonly Device[];
  readonly blind: Coverage['blindAreas'];
  /** Absent without the right to change. */
  readonly onEdit?: (area: Area) => void;
  readonly onAddBelow?: (parentId: string) => void;
};

/** Areas of a venue, each under its parent, with what stands in it and whether anything there can alarm. */
export function AreaTree({ areas, devices, blind, onEdit, onAddBelow }: AreaTreeProps) {
  const { t, i18n } = useTranslation();
  return (
    <ul className="area-tree">
      {areaLines(areas).map(({ area, depth }) => {
        const count = devices.filter(({ areaId }) => areaId === area.id).length;
        return (
          <li
            key={area.id}
            style={{ paddingInlineStart: depth * 22 }}
            data-testid="area"
            data-area-id={area.id}
            data-depth={depth}
          >
            <span>
              <b>{nameOf(area, i18n.language, area.id)}</b>{' '}
              <span className="muted">
                {[
                  t(`area.kind.${area.kind}`),
                  area.use === undefined ? '' : areaUseWord(t, area.use),
                  count > 0 ? t('area.devices', { n: count }) : '',
                ]
                  // A floor that is called floor says so once.
                  .filter((word) => word !== '' && !area.name.includes(word))
                  .join(' · ')}
              </span>{' '}
              {blind.some(({ areaId }) => areaId === area.id) ? (
                <span className="tag warn">{t('area.blind')}</span>
              ) : null}
            </span>
            {onEdit && onAddBelow ? (
              <span className="area-acts">
                <button type="button" className="plain" onClick={() => onEdit(area)}>
                  {t('area.edit')}
                </button>
                <button type="button" className="plain" onClick={() => onAddBelow(area.id)}>
                  {t('area.addBelow')}
                </button>
              </span>
            ) : null}
          </li>
        );
      })}
    </ul>
  );
}
