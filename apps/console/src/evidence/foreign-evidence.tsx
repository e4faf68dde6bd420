import './foreign-evidence.css';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { formatInstant } from '../format/instant.ts';
import { kindName } from '../locale/words.ts';
import { boundedTree, type TreeNode } from './bounded-tree.ts';
import type { ForeignEvent } from './evidenced-event.ts';

/** Evidence in a shape this console does not know: as the device sent it, cut to a bounded size, marked as unchecked. */
export function ForeignEvidence({ item: { event, foreign } }: { readonly item: ForeignEvent }) {
  const { t } = useTranslation();
  const tree = useMemo(() => boundedTree(foreign), [foreign]);
  return (
    <section className="panel foreign" data-testid="foreign-evidence">
      <header>
        <h2>{t('foreign.title')}</h2>
        <span className="tag unchecked">{t('foreign.unchecked')}</span>
        <span className="muted">
          {kindName(t, event.kind)} · {t(`level.${event.level}`)} · {formatInstant(event.at)}
        </span>
      </header>
      {/* It scrolls by itself, so that a talkative device does not bury the page. */}
      <div className="foreign-tree" role="group" tabIndex={0} aria-label={t('foreign.unchecked')}>
        <Tree node={tree} />
      </div>
    </section>
  );
}

function Tree({ node }: { readonly node: TreeNode }) {
  const { t } = useTranslation();
  switch (node.kind) {
    case 'text':
      return (
        <bdi>
          {node.text}
          {node.cutFrom === undefined ? null : <span className="muted">{t('foreign.cut', { n: node.cutFrom })}</span>}
        </bdi>
      );
    case 'number':
      return <span className="mono">{node.text}</span>;
    case 'truth':
      return <span>{t(node.value ? 'foreign.yes' : 'foreign.no')}</span>;
    case 'nothing':
    case 'deeper':
    case 'emptyList':
    case 'emptyObject':
      return <span className="muted">{t(`foreign.${node.kind}`)}</span>;
    case 'list':
    case 'object':
      return (
        <ul>
          {node.entries.map(({ key, node: inner }, index) => (
            <li key={index}>
              <bdi className="key">{key}</bdi> <Tree node={inner} />
            </li>
          ))}
          {node.hiddenCount > 0 ? <li className="muted">{t('foreign.more', { n: node.hiddenCount })}</li> : null}
        </ul>
      );
  }
}
