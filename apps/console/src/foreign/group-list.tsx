import type { InboxGroup } from '@fengsui/protocol';
import { useTranslation } from 'react-i18next';
import { DataAge } from '../format/age.tsx';
import { formatCount } from '../format/quantity.ts';
import { reasonWords } from './foreign-words.ts';

/** Reasons that a mapping cannot take away. */
const beyondMapping = ['topicNotAllowed', 'messageTooLarge'];

/** What waits, grouped: messages of one shape need one mapping. */
export function GroupList({
  groups,
  onOpen,
}: {
  readonly groups: readonly InboxGroup[];
  readonly onOpen: (group: InboxGroup) => void;
}) {
  const { t } = useTranslation();
  return (
    <section className="panel" aria-labelledby="inbox">
      <header>
        <h2 id="inbox">{t('foreignSource.inbox')}</h2>
        <span className="muted">{t('foreignSource.inboxWhy')}</span>
      </header>
      {groups.length === 0 ? (
        <p className="empty" data-testid="inbox-empty">
          {t('foreignSource.inboxEmpty')}
        </p>
      ) : (
        <ul className="groups">
          {groups.map((group) => (
            <li key={`${group.sourceId}/${group.shape}`} data-testid="group" data-source={group.sourceId}>
              <div className="group-what">
                <b>{group.sourceId}</b>
                {group.topic === undefined ? null : <span className="mono">{group.topic}</span>}
                <span className="muted">
                  {t('foreignSource.groupCount', { n: formatCount(group.messages) })}
                  {group.receipts > group.messages
                    ? ` · ${t('foreignSource.receipts', { n: formatCount(group.receipts) })}`
                    : ''}
                  {' · '}
                  {t('foreignSource.newest')} <DataAge at={Date.parse(group.newestAt)} />
                  {t('foreignSource.ago')}
                </span>
              </div>
              <span className="group-why">{group.reasons.map((reason) => reasonWords(t, reason)).join(' · ')}</span>
              {group.reasons.every((reason) => beyondMapping.includes(reason)) ? null : (
                <button type="button" className="primary" onClick={() => onOpen(group)} data-testid="make-mapping">
                  {t('foreignSource.makeMapping')}
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
