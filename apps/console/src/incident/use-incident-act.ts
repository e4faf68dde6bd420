import type { Incident } from '@fengsui/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isProblem } from '../api/problem.ts';
import { problemWords } from '../api/problem-words.ts';
import { isKeyOf } from '../locale/is-key-of.ts';
import type { Translate } from '../locale/i18n.ts';
import { zh } from '../locale/zh.ts';
import { incidentQueries } from './incident-resources.ts';

export type IncidentActRun = {
  /** Resolves to the words of a refusal. */
  readonly run: (act: () => Promise<Incident>) => Promise<string | undefined>;
  readonly isBusy: boolean;
  readonly failure: string | undefined;
};

/** Does one act. What the incident is by then is shown, whoever changed it. */
export function useIncidentAct(incidentId: string): IncidentActRun {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const { queryKey } = incidentQueries.incident(incidentId);
  const run = async (act: () => Promise<Incident>): Promise<string | undefined> => {
    setBusy(true);
    setFailure(undefined);
    try {
      queryClient.setQueryData(queryKey, await act());
      return undefined;
    } catch (error) {
      const words = refusalWords(t, error);
      setFailure(words);
      await queryClient.invalidateQueries({ queryKey });
      return words;
    } finally {
      setBusy(false);
    }
  };
  return { run, isBusy, failure };
}

function refusalWords(t: Translate, error: unknown): string {
  const { refused } = zh.incident;
  return isProblem(error) && isKeyOf(refused, error.code)
    ? t(`incident.refused.${error.code}`)
    : problemWords(t, error);
}
