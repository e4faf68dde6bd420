import { kindName } from '@fengsui/alarm';
import { callOutAnswers, type IncidentVerdict, type ReachLanguage } from '@fengsui/protocol';
import { answerWords, callOutWords, clockTime, placeWords } from './call-out-words.ts';
import type { KeptCall, KeptCallOut } from './kept-call-out.ts';

/** What the page of one call shows of it. */
export type CallPage = {
  readonly callOut: KeptCallOut;
  readonly call: KeptCall;
  /** What the duty room found, as far as it has. */
  readonly verdict?: IncidentVerdict;
  readonly isClosed: boolean;
  readonly timeZone: string;
  /** With which this browser may ask for push; undefined: it is not a way to this person, or not set up. */
  readonly pushKey?: string;
};

const pageWords = {
  zh: {
    venue: '场所',
    place: '位置',
    what: '报警',
    since: '时间',
    state: '情况',
    calling: '正在通知有关人员',
    answered: (name: string) => `${name} 已应答`,
    noneAnswered: '暂时没有人应答',
    over: '已结束',
    reached: '值班人员已与现场联系',
    acknowledged: '值班席位已确认',
    verdict: {
      true: '值班人员核实：确有其事',
      false: '值班人员核实：误报',
      test: '值班人员核实：测试',
      fault: '值班人员核实：设备故障',
    },
    yours: '您的回答',
    push: '以后的报警也推送到这个浏览器',
    pushDone: '已开启。请用“测试呼叫”试一次。',
    pushFailed: '没有开启：浏览器不允许或推送服务不可用。电话和短信不受影响。',
    gone: '这个链接打不开报警：它已过期，或不是本中心发出的。',
    goneWhat: '如有疑问，请直接给值班室打电话；见到火或烟请拨打 119。',
  },
  en: {
    venue: 'Venue',
    place: 'Where',
    what: 'Alarm',
    since: 'Since',
    state: 'State',
    calling: 'People are being told',
    answered: (name: string) => `${name} has answered`,
    noneAnswered: 'Nobody has answered yet',
    over: 'Over',
    reached: 'The duty room has spoken with the venue',
    acknowledged: 'A seat of the duty room has acknowledged it',
    verdict: {
      true: 'The duty room found it true',
      false: 'The duty room found a false alarm',
      test: 'The duty room found a test',
      fault: 'The duty room found a fault of a device',
    },
    yours: 'Your answer',
    push: 'Push further alarms to this browser',
    pushDone: 'On. Have it tried by a test call.',
    pushFailed: 'Not on: the browser does not allow it, or its push service is away. Calls and SMS go on.',
    gone: 'This link opens no alarm: it has expired, or this centre did not send it.',
    goneWhat: 'If in doubt, telephone the duty room; if you see fire or smoke, call 119.',
  },
} as const;

/** It opens on a poor line and answers without a script; the script offers push, where it is set up for this person. */
export function callPage({ callOut, call, verdict, isClosed, timeZone, pushKey }: CallPage): string {
  const language = callOut.people.find(({ contactId }) => contactId === call.contactId)?.language ?? 'zh';
  const isTest = callOut.cause.kind === 'test';
  const words = pageWords[language];
  const { venue, address } = placeWords(callOut.facts, language);
  const { alarm } = callOut.facts;
  const what = alarm === undefined ? callOutWords[language].reported : kindName(alarm.kind, language);
  const means = answerWords(callOut, language);
  const rows: readonly (readonly [string, string | undefined])[] = [
    [words.venue, [venue, address].filter((word) => word !== undefined).join(' · ')],
    [words.place, alarm?.place],
    [words.what, isTest ? undefined : what],
    [words.since, clockTime(callOut.openedAt, timeZone)],
    [words.state, verdict === undefined ? stateWords(callOut, isClosed, language) : words.verdict[verdict]],
  ];
  const { answer, answeredAt = 0 } = call;
  const act = isTest
    ? callOutWords[language].testAct
    : callOut.chain === 'desk'
      ? callOutWords[language].desk
      : callOutWords[language].act;
  const body = [
    `<h1>${escaped(isTest ? callOutWords[language].test : what)}</h1>`,
    isClosed || verdict !== undefined ? '' : `<p class="act">${escaped(act)}</p>`,
    `<dl>${rows.map(([name, value]) => (value === undefined ? '' : `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`)).join('')}</dl>`,
    answer === undefined
      ? ''
      : `<p class="said"><b>${words.yours}</b> ${escaped(means[answer])} <time>${clockTime(answeredAt, timeZone)}</time></p>`,
    isClosed || answer === 'coming'
      ? ''
      : `<form method="post">${callOutAnswers
          .filter((one) => one !== answer)
          .map((one) => `<button name="answer" value="${one}" class="${one}">${escaped(means[one])}</button>`)
          .join('')}</form>`,
    pushKey === undefined ? '' : pushOffer(pushKey, language),
  ].join('\n');
  return document(language, { body, isCalm: isTest || isClosed });
}

/** Hidden until the script finds that this browser can take push. */
function pushOffer(pushKey: string, language: ReachLanguage): string {
  const { push, pushDone, pushFailed } = pageWords[language];
  const data = Object.entries({ 'push-key': pushKey, done: pushDone, failed: pushFailed });
  return `<div class="push" hidden ${data.map(([name, value]) => `data-${name}="${escaped(value)}"`).join(' ')}>
<button type="button">${escaped(push)}</button><output></output></div>
<script type="module" src="/call/page.mjs"></script>`;
}

/** The same for whatever is no link of ours: it tells nothing. */
export const gonePage = (): string =>
  document('zh', {
    body: (['zh', 'en'] as const)
      .map((language) => `<p class="act">${pageWords[language].gone}</p><p>${pageWords[language].goneWhat}</p>`)
      .join('\n'),
    isCalm: true,
  });

function stateWords(
  { state, people, answeredBy, ended }: KeptCallOut,
  isClosed: boolean,
  language: ReachLanguage,
): string {
  const words = pageWords[language];
  if (isClosed) return words.over;
  if (state === 'answered') return words.answered(people.find(({ contactId }) => contactId === answeredBy)?.name ?? '');
  if (state === 'unanswered') return words.noneAnswered;
  if (ended === 'word') return words.reached;
  if (ended === 'acknowledged') return words.acknowledged;
  return words.calling;
}

function document(
  language: ReachLanguage,
  { body, isCalm }: { readonly body: string; readonly isCalm: boolean },
): string {
  return `<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>烽燧 Fengsui</title>
<link rel="stylesheet" href="/call/page.css">
<body class="${isCalm ? 'calm' : 'alarm'}">
<header>烽燧 Fengsui</header>
<main>
${body}
</main>
</html>
`;
}

const SIGNS: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => SIGNS[sign] ?? '');
