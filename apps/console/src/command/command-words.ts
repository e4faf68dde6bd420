import { isProblem } from '../api/problem.ts';
import { problemWords } from '../api/problem-words.ts';
import type { Translate } from '../locale/i18n.ts';
import { isKeyOf } from '../locale/is-key-of.ts';
import { zh } from '../locale/zh.ts';

/** Why a command was refused or failed, in plain words; the device's own detail stays beside an unknown code. */
export function codeWords(t: Translate, code: string | undefined, detail?: string): string {
  if (code === undefined) return detail ?? '';
  const known = isKeyOf(zh.command.code, code) ? t(`command.code.${code}`) : undefined;
  return known ?? [detail, t('command.codeOther', { code })].filter(Boolean).join(' · ');
}

/** A refusal of the API to give a command. */
export function refusalWords(t: Translate, error: unknown): string {
  return isProblem(error) && isKeyOf(zh.command.code, error.code)
    ? t(`command.code.${error.code}`)
    : problemWords(t, error);
}

export function commandName(t: Translate, name: string): string {
  return isKeyOf(zh.command.name, name) ? t(`command.name.${name}`) : name;
}
