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
    gone: 'This link opens no alarm: it has expired, or this centre did not send it.',
    goneWhat: 'If in doubt, telephone the duty room; if you see fire or smoke, call 119.',
  },
} as const;

/** No script, no other request than the style: it opens on a poor line. */
export function callPage({ callOut, call, verdict, isClosed, timeZone }: CallPage): string {
  const language = callOut.people.find(({ contactId }) => contactId === call.contactId)?.language ?? 'zh';
  const isTest = callOut.cause.kind === 'test';
  const words = pageWords[language];
  const { venue, address } = placeWords(callOut.facts, language);
  const { alarm } = callOut.facts;
  const means = answerWords(callOut, language);
  const rows: readonly (readonly [string, string | undefined])[] = [
    [words.venue, [venue, address].filter((word) => word !== undefined).join(' · ')],
    [words.place, alarm?.place],
    [words.what, alarm === undefined ? undefined : kindName(alarm.kind, language)],
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
    `<h1>${escaped(isTest ? callOutWords[language].test : alarm === undefined ? venue : kindName(alarm.kind, language))}</h1>`,
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
  ].join('\n');
  return document(language, { body, isCalm: isTest || isClosed });
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

/** Buttons for a thumb; contrast of 7:1 and more (WCAG 2.2, 1.4.6) in light and dark. */
export const callPageStyle = `:root{color-scheme:light dark;--ink:#16191d;--paper:#fff;--line:#c9ced4;--band:#8f1212;--mild:#4a5159}
@media (prefers-color-scheme:dark){:root{--ink:#eef1f4;--paper:#14181c;--line:#3a424b;--mild:#b8c0c9}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:18px/1.5 system-ui,"Noto Sans CJK SC","PingFang SC",sans-serif}
header{padding:10px 16px;background:var(--band);color:#fff;font-weight:600}
.calm header{background:#2b4a6b}
main{max-width:560px;margin:0 auto;padding:8px 16px 32px}
h1{font-size:28px;line-height:1.2;margin:16px 0 8px}
.act{font-size:20px;font-weight:600;border-left:6px solid var(--band);padding-left:12px}
.calm .act{border-color:#2b4a6b}
dl{display:grid;grid-template-columns:max-content 1fr;gap:6px 16px;margin:16px 0}
dt{color:var(--mild)}dd{margin:0;overflow-wrap:anywhere}
form{display:grid;gap:12px;margin-top:24px}
button{min-height:60px;font:inherit;font-size:20px;font-weight:600;border-radius:8px;border:2px solid var(--line);background:transparent;color:inherit}
button.coming{background:#0d5c2e;border-color:#0d5c2e;color:#fff}
button:focus-visible{outline:4px solid #e0a100;outline-offset:2px}
.said{padding:12px;border:2px solid #0d5c2e;border-radius:8px}
`;
