import './desk.css';
import './alarm-list.css';
import './desk-detail.css';
import './desk-narrow.css';
import type { Alarm } from '@fengsui/protocol';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../account/use-session.ts';
import { isFiltering, searchOfFilter } from '../alarm/alarm-filter.ts';
import { useUnknownWords } from '../alarm/use-unknown-words.ts';
import { api } from '../api/resources.ts';
import { incidentOrder } from '../incident/incident-order.ts';
import { IncidentStrip } from '../incident/incident-strip.tsx';
import { useLiveView } from '../live/live-feed.tsx';
import { withSearch } from '../route/search-text.ts';
import { useFeedAge } from '../shell/feed-chip.tsx';
import { TourBar } from '../tour/tour-bar.tsx';
import { useTour } from '../tour/use-tour.ts';
import { ActBar } from './act-bar.tsx';
import { AlarmList } from './alarm-list.tsx';
import { DeskDialog } from './desk-dialog.tsx';
import { DetailPanel } from './detail-panel.tsx';
import { FilterBar } from './filter-bar.tsx';
import type { DeskAction } from './key-bindings.ts';
import { NewAlarmsPill } from './new-alarms-pill.tsx';
import { useDeskActs, type ActKind } from './use-desk-acts.ts';
import { useDeskKeys } from './use-desk-keys.ts';
import { useDeskQueue } from './use-desk-queue.ts';
import { useLetterKeys } from './use-letter-keys.ts';

const noSelection: ReadonlySet<string> = new Set();

/** The duty desk: one queue that never moves under the hand, and everything about the alarm that is open. */
export function DeskPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const search = useSearch({ strict: false });
  const { state, phase, lastFrameAt } = useLiveView();
  const [areLettersOn, setLetters] = useLetterKeys();
  const [focus, setFocus] = useState<{ id: string | undefined; request: number }>({ id: undefined, request: 0 });
  const [selected, setSelected] = useState(noSelection);
  const [openGroupIds, setOpenGroupIds] = useState(noSelection);
  const [holds, setHolds] = useState({ hover: false, focus: false, scroll: false });
  const searchInput = useRef<HTMLInputElement>(null);
  /** How often a key asked for the next act of the incident that is open. */
  const [stepRequest, setStepRequest] = useState(0);
  const username = useSession()?.username;
  const tour = useTour(username);
  const acts = useDeskActs(() => setSelected(noSelection));
  const isHeld = holds.hover || holds.focus || holds.scroll || acts.dialog !== undefined || selected.size > 0;
  const { filter, counts, queue, rows, groupOf, insert } = useDeskQueue(search, isHeld, openGroupIds);
  const openId = search.sel;

  const setOpen = (sel: string | undefined): void => {
    void navigate({ to: '/desk', search: withSearch(search, { sel }), replace: true });
  };

  /** Without `alarms` an act is meant for the selected ones, else for the row with the focus, else for the open one. */
  const start = (kind: ActKind, alarms?: readonly Alarm[]): void => {
    const ids = selected.size > 0 ? [...selected] : [focus.id ?? openId];
    const group = alarms === undefined && ids.length === 1 && ids[0] !== undefined ? groupOf(ids[0]) : undefined;
    if ((kind === 'acknowledge' || kind === 'acknowledgeWithNote') && group !== undefined)
      return acts.startGroup(kind, group);
    const meant = ids.flatMap((id) => (id === undefined ? [] : (groupOf(id)?.children ?? alarmOf(id))));
    acts.start(kind, alarms ?? meant);
  };

  const alarmOf = (id: string): Alarm | readonly [] => state.alarms.get(id) ?? state.ended.get(id) ?? [];

  /** A group opens to its alarms, in the list; an alarm to what is known of it, beside the list. */
  const openRow = (id: string): void => {
    if (groupOf(id) === undefined) return setOpen(id);
    setOpenGroupIds(toggled(openGroupIds, id));
  };

  const move = (step: 1 | -1): void => {
    const index = rows.findIndex(({ id }) => id === focus.id);
    const next = rows[index === -1 ? 0 : Math.min(rows.length - 1, Math.max(0, index + step))];
    if (!next) return;
    setFocus({ id: next.id, request: focus.request + 1 });
    if (openId !== undefined && groupOf(next.id) === undefined) setOpen(next.id);
  };

  const toggleSelected = (id: string): void => setSelected(toggled(selected, id));

  const insertNew = (): void => {
    insert();
    document.querySelector('.alarm-body')?.scrollTo({ top: 0 });
  };

  /** The next act of the incident that is open; without one, the first that is there opens. */
  const stepIncident = (): void => {
    if (openId !== undefined) return setStepRequest(stepRequest + 1);
    const [first] = incidentOrder(state.incidents.values(), username);
    setOpen(first?.alarms[0]?.alarmId);
  };

  const release = (): void => {
    acts.clearNotice();
    if (selected.size > 0) return setSelected(noSelection);
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    if (openId !== undefined) setOpen(undefined);
    setFocus({ id: undefined, request: focus.request });
  };

  const run: Record<DeskAction, () => void> = {
    next: () => move(1),
    previous: () => move(-1),
    open: () => focus.id !== undefined && openRow(focus.id),
    acknowledge: () => start('acknowledge'),
    acknowledgeWithNote: () => start('acknowledgeWithNote'),
    shelve: () => start('shelve'),
    judge: () => start('judge'),
    incident: stepIncident,
    select: () => focus.id !== undefined && toggleSelected(focus.id),
    insertNew,
    search: () => searchInput.current?.focus(),
    help: () => acts.setDialog({ kind: 'help' }),
    release,
  };
  useDeskKeys(areLettersOn, (action) => run[action]());

  return (
    <div className={`desk${openId === undefined ? '' : ' has-detail'}`}>
      <section className="desk-queue" aria-labelledby="queue-title">
        <header>
          <h1 id="queue-title">{t('desk.queue')}</h1>
          <span className="muted" data-testid="alarm-counts">
            {lastFrameAt === undefined ? '' : t('desk.counts', counts)}
          </span>
          <span className={`chip hold-chip${isHeld ? ' held' : ''}`} title={isHeld ? t('desk.heldWhy') : undefined}>
            {isHeld ? `‖ ${t('desk.held')}` : t('desk.following')}
          </span>
          <button type="button" className="plain end help-button" onClick={run.help}>
            {t('desk.help')} <kbd>?</kbd>
          </button>
        </header>
        <IncidentStrip openId={openId} onOpen={setOpen} />
        <FilterBar
          filter={filter}
          searchRef={searchInput}
          onFilter={(next) =>
            void navigate({ to: '/desk', search: withSearch(searchOfFilter(next), { sel: openId }), replace: true })
          }
        />
        <AlarmList
          alarms={rows}
          groupOf={groupOf}
          openGroupIds={openGroupIds}
          pending={acts.pending}
          focus={focus}
          openId={openId}
          selected={selected}
          isStale={phase === 'disconnected'}
          emptyWords={<EmptyWords isFiltering={isFiltering(filter)} total={counts.total} />}
          pill={<NewAlarmsPill queue={queue} onInsert={insertNew} />}
          onHold={(reason, isOn) => setHolds((all) => (all[reason] === isOn ? all : { ...all, [reason]: isOn }))}
          onFocusRow={(id) => setFocus((now) => (now.id === id ? now : { id, request: now.request }))}
          onOpen={(id) => {
            setFocus({ id, request: focus.request });
            openRow(id);
          }}
          onSelect={toggleSelected}
        />
        <ActBar
          selectedCount={selected.size}
          notice={acts.notice}
          areLettersOn={areLettersOn}
          onStart={start}
          onClear={() => setSelected(noSelection)}
        />
        <TourBar tour={tour} />
      </section>
      {openId === undefined ? null : (
        <DetailPanel
          alarmId={openId}
          stepRequest={stepRequest}
          onStart={start}
          onUnshelve={(alarm) => void acts.send([alarm], api.unshelve)}
          onClose={() => setOpen(undefined)}
        />
      )}
      {acts.dialog ? (
        <DeskDialog
          dialog={acts.dialog}
          areLettersOn={areLettersOn}
          onLetters={setLetters}
          onSend={acts.send}
          onSendGroup={acts.acknowledgeGroup}
          onTour={() => {
            acts.setDialog(undefined);
            tour.restart();
          }}
          onClose={() => acts.setDialog(undefined)}
        />
      ) : null}
    </div>
  );
}

function toggled(ids: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return next;
}

/** Why there is no row: nothing raised, everything filtered away, still loading, or not known. Never the one for the other. */
function EmptyWords({ isFiltering: isFiltered, total }: { readonly isFiltering: boolean; readonly total: number }) {
  const { t } = useTranslation();
  const age = useFeedAge() ?? '–';
  const unknown = useUnknownWords();
  if (unknown !== undefined) return unknown;
  return isFiltered ? t('desk.emptyFilter', { n: total, age }) : t('desk.empty', { age });
}
