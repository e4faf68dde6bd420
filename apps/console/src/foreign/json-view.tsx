import { pickId } from './map-draft.ts';
import type { Pick } from '@fengsui/protocol';
import { Fragment, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** What a value is marked as: taken for something, or proposed. */
export type Mark = 'device' | 'picked' | 'time' | 'key' | 'proposed';

const MOST_ITEMS = 3;
const MOST_CHARACTERS = 60;

/** A message whose values can be clicked. Of a list the first elements are shown: all of them are meant. */
export function JsonView(props: {
  readonly value: unknown;
  readonly marks: ReadonlyMap<string, Mark>;
  readonly onPick: (pick: Pick) => void;
}) {
  return (
    <div className="json" data-testid="json-view">
      <Node {...props} place={[]} />
    </div>
  );
}

type NodeProps = {
  readonly value: unknown;
  readonly place: readonly (string | number)[];
  readonly marks: ReadonlyMap<string, Mark>;
  readonly onPick: (pick: Pick) => void;
};

function Node({ value, place, marks, onPick }: NodeProps): ReactNode {
  const { t } = useTranslation();
  if (typeof value !== 'object' || value === null) return <Value {...{ value, place, marks, onPick }} />;
  const isList = Array.isArray(value);
  const entries: readonly (readonly [string | number, unknown])[] = isList
    ? value.map((item: unknown, index) => [index, item] as const)
    : Object.entries(value);
  const shown = isList ? entries.slice(0, MOST_ITEMS) : entries.slice(0, 200);
  return (
    <>
      {isList ? '[' : '{'}
      <ul>
        {shown.map(([name, item]) => (
          <li key={name}>
            {isList ? null : <span className="json-name">{JSON.stringify(name)}: </span>}
            <Node {...{ value: item, marks, onPick }} place={[...place, name]} />
          </li>
        ))}
        {entries.length > shown.length ? (
          <li className="muted">{t('foreignSource.moreItems', { n: entries.length - shown.length })}</li>
        ) : null}
      </ul>
      {isList ? ']' : '}'}
    </>
  );
}

function Value({ value, place, marks, onPick }: NodeProps) {
  const { t } = useTranslation();
  const text = JSON.stringify(value);
  if (value === null) return <span className="muted">null</span>;
  const mark = marks.get(pickId({ place }));
  return (
    <button
      type="button"
      className={`json-value${mark === undefined ? '' : ` is-${mark}`}`}
      aria-pressed={mark !== undefined && mark !== 'proposed'}
      title={mark === undefined ? undefined : t(`foreignSource.mark.${mark}`)}
      data-place={JSON.stringify(place)}
      onClick={() => onPick({ place })}
    >
      {text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text}
    </button>
  );
}

/** The levels of a topic, to be clicked. */
export function TopicView(props: {
  readonly levels: readonly string[];
  readonly marks: ReadonlyMap<string, Mark>;
  readonly onPick: (pick: Pick) => void;
}) {
  const { t } = useTranslation();
  return (
    <p className="json topic" data-testid="topic-view">
      {t('foreignSource.topic')}{' '}
      {props.levels.map((level, index) => {
        const mark = props.marks.get(pickId({ topicLevel: index }));
        return (
          <Fragment key={`${index}/${level}`}>
            {index > 0 ? '/' : null}
            <button
              type="button"
              className={`json-value${mark === undefined ? '' : ` is-${mark}`}`}
              aria-pressed={mark !== undefined && mark !== 'proposed'}
              onClick={() => props.onPick({ topicLevel: index })}
            >
              {level === '' ? '∅' : level}
            </button>
          </Fragment>
        );
      })}
    </p>
  );
}
