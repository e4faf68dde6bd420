import { useQueryClient } from '@tanstack/react-query';
import { createContext, useCallback, useContext, useEffect, useRef, useState, type ReactNode } from 'react';
import { setAskPerson, type PersonNeed } from '../api/request.ts';
import { PersonDialog } from './person-dialog.tsx';

type AskPerson = (need: PersonNeed) => Promise<boolean>;

const GateContext = createContext<AskPerson | undefined>(undefined);

/** Where an act is refused because the seat is locked, or its person must prove anew who he is: asks him, and it goes on. */
export function PersonGate({ children }: { readonly children: ReactNode }) {
  const queryClient = useQueryClient();
  const [need, setNeed] = useState<PersonNeed>();
  const waiting = useRef<((isGiven: boolean) => void)[]>([]);
  const settle = useCallback((isGiven: boolean): void => {
    setNeed(undefined);
    for (const resolve of waiting.current.splice(0)) resolve(isGiven);
  }, []);
  const ask = useCallback<AskPerson>(
    (wanted) =>
      new Promise((resolve) => {
        waiting.current.push(resolve);
        // Who confirms unlocks with it.
        setNeed((present) => (present === 'confirm' ? present : wanted));
      }),
    [],
  );
  useEffect(() => {
    setAskPerson(ask);
    return () => {
      setAskPerson(undefined);
      settle(false);
    };
  }, [ask, settle]);
  const given = (): void => {
    settle(true);
    void queryClient.invalidateQueries();
  };
  return (
    <GateContext value={ask}>
      {children}
      {need === undefined ? null : <PersonDialog need={need} onGiven={given} onClose={() => settle(false)} />}
    </GateContext>
  );
}

/** Throws outside {@link PersonGate}. */
export function useAskPerson(): AskPerson {
  const ask = useContext(GateContext);
  if (!ask) throw new Error('useAskPerson is called outside <PersonGate>');
  return ask;
}
