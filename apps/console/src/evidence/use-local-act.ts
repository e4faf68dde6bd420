import { localActionKind } from '@fengsui/alarm';
import type { Alarm } from '@fengsui/protocol';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { queries } from '../api/queries.ts';
import { localActOf, type LocalActCourse } from './local-act.ts';

/** What the terminal did, for an alarm of kind `localAction`; undefined for other kinds, and until it is known. */
export function useLocalAct(alarm: Alarm): { readonly course?: LocalActCourse; readonly isLost: boolean } {
  const isAct = alarm.kind === localActionKind;
  const events = useQuery({ ...queries.localActs(alarm), enabled: isAct });
  const course = useMemo(
    () => (isAct && events.data ? localActOf(alarm, events.data) : undefined),
    [isAct, alarm, events.data],
  );
  return { ...(course !== undefined && { course }), isLost: isAct && events.isError && events.data === undefined };
}
