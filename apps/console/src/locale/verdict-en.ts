import type { verdictZh } from './verdict-zh.ts';
import type { Words } from './zh.ts';

/** What an alarm turned out to be, English. */
export const verdictEn: Words<typeof verdictZh> = {
  verdict: {
    title: 'What was this alarm?',
    button: 'Judge',
    again: 'Judge again',
    why: 'Also after the alarm has ended. The share of false alarms counts judged alarms alone.',
    word: { real: 'Real', false: 'False alarm' },
    cause: 'Why it was false',
    causes: {
      cooking: 'cooking',
      dust: 'dust',
      steam: 'steam',
      work: 'building or hot work',
      test: 'test or inspection',
      deviceFault: 'device fault',
      unknown: 'not known',
    },
    causeMissing: 'A false alarm needs a cause.',
    note: 'Note (optional)',
    save: 'Save',
    found: 'Found to be',
    foundWords: '{{word}}, {{who}}, {{time}}',
    foundFalse: 'False alarm · {{cause}}, {{who}}, {{time}}',
    notYet: 'Acknowledge the alarm first, then judge it.',
  },
};
