import { api } from '../api/resources.ts';
import { isNoAnswer, isProblem } from '../api/problem.ts';
import { setCsrfToken } from '../api/request.ts';

const storageKey = 'fengsui.leaveOwed';

/** Somebody has logged out at this seat while the centre did not answer: his log-in still holds. */
export function isLeaveOwed(): boolean {
  try {
    return window.localStorage.getItem(storageKey) !== null;
  } catch {
    return false;
  }
}

export function setLeaveOwed(isOwed: boolean): void {
  try {
    if (isOwed) window.localStorage.setItem(storageKey, '1');
    else window.localStorage.removeItem(storageKey);
  } catch {
    // A browser that keeps nothing is told by the words of the log-in alone.
  }
}

/** Logs out. Resolves to whether the log-in has ended: without an answer it is owed. */
export async function leaveSeat(): Promise<boolean> {
  const isOwed = await api.logout().then(() => false, isNoAnswer);
  setLeaveOwed(isOwed);
  return !isOwed;
}

/** Makes up for what is owed; throws without an answer, and it stays owed. */
export async function payLeave(): Promise<void> {
  try {
    setCsrfToken((await api.session()).csrfToken);
    await api.logout();
  } catch (error) {
    // It has ended by itself.
    if (!isProblem(error, 401)) throw error;
  }
  setLeaveOwed(false);
}
