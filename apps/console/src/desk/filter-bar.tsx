import { categories, priorities } from '@fengsui/alarm';
import { type Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { filterStandings, isFiltering, noFilter, toggle, type AlarmFilter } from '../alarm/alarm-filter.ts';

export type FilterBarProps = {
  readonly filter: AlarmFilter;
  readonly searchRef: Ref<HTMLInputElement>;
  readonly onFilter: (filter: AlarmFilter) => void;
};

/** The filter of the queue; every part of it stands in the URL. */
export function FilterBar({ filter, searchRef, onFilter }: FilterBarProps) {
  const { t } = useTranslation();
  return (
    <div className="filter-bar" role="search">
      <Group
        label={t('desk.filterCategory')}
        words={categories}
        chosen={filter.categories}
        name={(word) => t(`category.${word}`)}
        onToggle={(word) => onFilter({ ...filter, categories: toggle(filter.categories, word) })}
      />
      <Group
        label={t('desk.filterPriority')}
        words={priorities}
        chosen={filter.priorities}
        name={(word) => word}
        onToggle={(word) => onFilter({ ...filter, priorities: toggle(filter.priorities, word) })}
      />
      <Group
        label={t('desk.filterState')}
        words={filterStandings}
        chosen={filter.standings}
        name={(word) => t(`standing.${word}`)}
        onToggle={(word) => onFilter({ ...filter, standings: toggle(filter.standings, word) })}
      />
      <input
        ref={searchRef}
        type="search"
        aria-label={t('desk.searchLabel')}
        placeholder={t('desk.search')}
        value={filter.text}
        onChange={({ target }) => onFilter({ ...filter, text: target.value })}
      />
      {/* Its place is kept while it is hidden: a button that appears would push the list down. */}
      <button
        type="button"
        style={{ visibility: isFiltering(filter) ? 'visible' : 'hidden' }}
        onClick={() => onFilter(noFilter)}
      >
        {t('desk.clearFilter')}
      </button>
    </div>
  );
}

function Group<Word extends string>(props: {
  readonly label: string;
  readonly words: readonly Word[];
  readonly chosen: readonly Word[];
  readonly name: (word: Word) => string;
  readonly onToggle: (word: Word) => void;
}) {
  return (
    <div role="group" aria-label={props.label} className="filter-group">
      {props.words.map((word) => (
        <button
          key={word}
          type="button"
          aria-pressed={props.chosen.includes(word)}
          onClick={() => props.onToggle(word)}
        >
          {props.name(word)}
        </button>
      ))}
    </div>
  );
}
