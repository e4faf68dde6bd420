import type { ModelWords } from '@fengsui/protocol';
import { useQuery } from '@tanstack/react-query';
import i18next from 'i18next';
import { useEffect } from 'react';
import { rememberUnits } from '../alarm/alarm-quantity.ts';
import { queries } from '../api/queries.ts';

/** Catalogue entries of what device models bring along: `brought.family.leak` → 水浸. */
export function broughtWords(words: ModelWords, language: 'zh' | 'en') {
  const group = (labels: ModelWords['kinds']): Record<string, string> =>
    Object.fromEntries(Object.entries(labels).map(([name, label]) => [name, label[language]]));
  return { brought: { family: group(words.families), kind: group(words.kinds), quantity: group(words.quantities) } };
}

/** Teaches the screen the words of the models; a model that comes later is heard within a minute. */
export function useModelWords(): void {
  const { data } = useQuery(queries.words());
  useEffect(() => {
    if (!data) return;
    rememberUnits(data.units);
    for (const language of ['zh', 'en'] as const)
      i18next.addResourceBundle(language, 'translation', broughtWords(data, language), true, true);
    // What is on the screen already is drawn anew with the words it lacked.
    i18next.emit('languageChanged', i18next.language);
  }, [data]);
}
