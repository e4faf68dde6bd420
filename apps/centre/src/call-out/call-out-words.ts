import { kindName } from '@fengsui/alarm';
import { callOutAnswers, type CallOutAnswer, type ReachLanguage } from '@fengsui/protocol';
import type { CallMessage } from './channels/channel.ts';
import { callIdOf, type CallFacts, type KeptCall, type KeptCallOut } from './kept-call-out.ts';

/** Key 1 is the first of `callOutAnswers`. */
export const keyOf = (answer: CallOutAnswer): string => String(callOutAnswers.indexOf(answer) + 1);

/** @returns undefined for a key that means nothing. */
export const answerOfKey = (key: string): CallOutAnswer | undefined =>
  callOutAnswers.find((answer) => keyOf(answer) === key.trim());

export const callOutWords = {
  zh: {
    centre: '烽燧消防安全中心',
    test: '呼叫测试，不是火警',
    reported: '有人报告火情',
    answers: { coming: '我去查看', cannot: '我去不了' },
    deskAnswers: { coming: '我来处理', cannot: '我处理不了' },
    testAnswers: { coming: '我收到了', cannot: '现在不方便' },
    act: '请立即查看现场；见到火或烟，先疏散人员并拨打 119。',
    spokenAct: '请立即查看现场。见到火或烟，先疏散人员，并拨打幺幺九。',
    desk: '值班席位还没有人确认这条报警。',
    testAct: '这是呼叫测试。真有报警时，会用同样的方式通知您。',
    press: (words: string, key: string) => `${words}，请按 ${key}。`,
    reply: (words: string, key: string) => `回复 ${key}：${words}`,
  },
  en: {
    centre: 'Fengsui fire-safety centre',
    test: 'test call, no fire',
    reported: 'a fire was reported',
    answers: { coming: 'I am going to look', cannot: 'I cannot go' },
    deskAnswers: { coming: 'I take care of it', cannot: 'I cannot take care of it' },
    testAnswers: { coming: 'It reached me', cannot: 'Not now' },
    act: 'Go and look at once. If you see fire or smoke, get everybody out first and call 119.',
    spokenAct: 'Go and look at once. If you see fire or smoke, get everybody out first, and call 1 1 9.',
    desk: 'No seat of the duty room has acknowledged this alarm yet.',
    testAct: 'This is a test. In an alarm you are told in the same way.',
    press: (words: string, key: string) => `${words}: press ${key}.`,
    reply: (words: string, key: string) => `Reply ${key}: ${words}`,
  },
} as const;

/** What the keys mean in this call-out. */
export function answerWords(
  { cause, chain }: KeptCallOut,
  language: ReachLanguage,
): Readonly<Record<CallOutAnswer, string>> {
  const words = callOutWords[language];
  if (cause.kind === 'test') return words.testAnswers;
  return chain === 'desk' ? words.deskAnswers : words.answers;
}

/** What happens where, in one line. */
export function subjectOf({ facts, cause }: KeptCallOut, language: ReachLanguage): string {
  const { venue } = placeWords(facts, language);
  if (cause.kind === 'test') return `${venue} ${callOutWords[language].test}`;
  const { alarm } = facts;
  return [venue, alarm?.place, alarm === undefined ? callOutWords[language].reported : kindName(alarm.kind, language)]
    .filter((word) => word !== undefined)
    .join(' ');
}

export function placeWords(
  { venueName, venueNameEn, address, addressEn }: CallFacts,
  language: ReachLanguage,
): { readonly venue: string; readonly address?: string } {
  const isEnglish = language === 'en';
  const where = isEnglish ? (addressEn ?? address) : address;
  return { venue: isEnglish ? (venueNameEn ?? venueName) : venueName, ...(where !== undefined && { address: where }) };
}

export const clockTime = (at: number, timeZone: string): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(at);

/** One call, in the language of whoever is called. @param link page of this call */
export function callMessage(
  callOut: KeptCallOut,
  call: KeptCall,
  { timeZone, link }: { readonly timeZone: string; readonly link?: string },
): CallMessage {
  const { people, cause, chain, facts, openedAt } = callOut;
  const language = people.find(({ contactId }) => contactId === call.contactId)?.language ?? 'zh';
  const words = callOutWords[language];
  const subject = subjectOf(callOut, language);
  const means = answerWords(callOut, language);
  const isTest = cause.kind === 'test';
  const { address } = placeWords(facts, language);
  const act = isTest ? words.testAct : chain === 'desk' ? words.desk : words.act;
  const keys = callOutAnswers.map((answer) => ({ answer, key: keyOf(answer), words: means[answer] }));
  return {
    callId: callIdOf(callOut.id, call.number),
    ...(call.to !== undefined && { to: call.to }),
    language,
    title: language === 'zh' ? `【烽燧】${subject}` : `Fengsui: ${subject}`,
    text: [
      `${words.centre} ${clockTime(openedAt, timeZone)}`,
      [subject, address].filter((word) => word !== undefined).join(language === 'zh' ? '，' : ', '),
      act,
      ...keys.map(({ key, words: meant }) => words.reply(meant, key)),
    ].join('\n'),
    spoken: [
      language === 'zh' ? `这里是${words.centre}。${subject}。` : `This is the ${words.centre}. ${subject}.`,
      isTest ? words.testAct : chain === 'desk' ? words.desk : words.spokenAct,
      ...keys.map(({ key, words: meant }) => words.press(meant, key)),
    ].join(language === 'zh' ? '' : ' '),
    keys,
    ...(link !== undefined && { link }),
    isTest,
  };
}
