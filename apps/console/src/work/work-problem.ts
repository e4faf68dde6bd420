import { isProblem } from '../api/problem.ts';
import { problemWords } from '../api/problem-words.ts';
import type { Translate } from '../locale/i18n.ts';
import { zh } from '../locale/zh.ts';

const isKnown = (code: string): code is keyof typeof zh.work.refused => Object.hasOwn(zh.work.refused, code);

/** Why an act on an order was refused, in the language of the screen. */
export const workProblem = (t: Translate, error: unknown): string =>
  isProblem(error) && isKnown(error.code) ? t(`work.refused.${error.code}`) : problemWords(t, error);
