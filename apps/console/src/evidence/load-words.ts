import type { LoadEvidence } from '@fengsui/protocol';
import { measureName, measureUnit } from '../alarm/measure-words.ts';
import type { Translate } from '../locale/i18n.ts';
import { pointName } from '../locale/words.ts';
import { zh } from '../locale/zh.ts';

/** Family or type in the language of the screen; what a newer model knows, or a person typed, is shown as it is. */
export function loadName(t: Translate, name: string): string {
  if (isKeyOf(zh.loadFamily, name)) return t(`loadFamily.${name}`);
  if (isKeyOf(zh.loadType, name)) return t(`loadType.${name}`);
  return name;
}

/** Name of a measured feature; one the console does not know is shown as it is. */
export function featureName(t: Translate, feature: string): string {
  if (isKeyOf(zh.feature, feature)) return t(`feature.${feature}`);
  if (isKeyOf(zh.measure, feature))
    return [measureName(t, feature), measureUnit(t, feature)].filter((words) => words !== undefined).join(' ');
  // Evidence of the supply names the points it compares: `c2.voltageV`.
  return /^[ct]\d+[.]/.test(feature) ? pointName(t, feature) : feature;
}

type Named = LoadEvidence['recognition']['named'];

/** What the terminal calls it, or that it does not know. A name a person gave is never translated. */
export function namedWords(t: Translate, named: Named): string {
  if (named === undefined) return t('load.unknown');
  return named.level === 'device' ? named.name : loadName(t, named.name);
}

/** A probability for people. Never "100 %" nor "0 %": nothing recognised is certain. */
export function sureness(probability: number): string {
  if (probability >= 0.995) return '> 99 %';
  return probability < 0.005 ? '< 1 %' : `${(100 * probability).toFixed(0)} %`;
}

function isKeyOf<Words extends object>(words: Words, key: string): key is string & keyof Words {
  return Object.hasOwn(words, key);
}

/** An engine's reason is a word of its own or a sentence; the words are translated. */
export function reasonWords(t: Translate, reason: string): string {
  return isKeyOf(zh.reason, reason) ? t(`reason.${reason}`) : reason;
}
