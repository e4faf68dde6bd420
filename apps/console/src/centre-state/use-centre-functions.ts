import { useQuery } from '@tanstack/react-query';
import { useSession } from '../account/use-session.ts';
import { isNoAnswer } from '../api/problem.ts';
import { queries } from '../api/queries.ts';

/** What the centre does of its work; undefined until it has said. */
export function useCentreFunctions() {
  const session = useSession();
  return useQuery({ ...queries.functions(), enabled: session !== undefined }).data?.items;
}

/** It was asked and did not answer, nor has it since: what is to be done does not get there either. */
export function useIsCentreSilent(): boolean {
  const session = useSession();
  const { error, failureReason } = useQuery({ ...queries.functions(), enabled: session !== undefined });
  return isNoAnswer(error ?? failureReason);
}

/** No new alarm gets to a screen: an empty list says nothing about now. */
export const useAreAlarmsStopped = (): boolean =>
  useCentreFunctions()?.some(({ name, state }) => name === 'alarms' && state !== 'works') ?? false;
