import type { SignatureCapacity, VenueClass } from '@fengsui/protocol';
import type { PointCounts } from '../commissioning/acceptance-content.ts';
import type { PointResult } from '../commissioning/kept-test.ts';

/** What an acceptance says on paper. */
export type AcceptanceWords = {
  readonly [
    Key in
      | 'title'
      | 'version'
      | 'venue'
      | 'organisation'
      | 'venueClass'
      | 'address'
      | 'wave'
      | 'test'
      | 'started'
      | 'ended'
      | 'byItself'
      | 'notTriggered'
      | 'failed'
      | 'points'
      | 'number'
      | 'device'
      | 'place'
      | 'expected'
      | 'outcome'
      | 'at'
      | 'screen'
      | 'screenNote'
      | 'signatures'
      | 'notSigned'
      | 'confirmed'
      | 'ink'
      | 'date'
      | 'hashNote'
  ]: string;
} & {
  readonly classes: Readonly<Record<VenueClass, string>>;
  readonly capacities: Readonly<Record<SignatureCapacity, string>>;
  readonly time: (at: number) => string;
  readonly result: (isPassed: boolean) => string;
  readonly counts: (counts: PointCounts) => string;
  readonly remaining: (count: number) => string;
  readonly expects: (kinds: readonly string[], told: string | undefined) => string;
  readonly outcomeOf: (result: PointResult | undefined) => string;
  readonly screenTime: (result: PointResult | undefined) => string;
  readonly page: (page: number, of: number) => string;
};

/** Local time of the paper is fixed: UTC+8, said so. A paper does not read the clock zone of who prints it. */
const shanghai = (at: number): string =>
  `${new Date(at + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')} +08:00`;

const screenTime = (result: PointResult | undefined): string =>
  result?.shownAt === undefined || result.receivedAt === undefined ? '–' : `${result.shownAt - result.receivedAt} ms`;

/** Kinds that a terminal may raise are many; the paper names them all only when they fit. */
const MOST_KINDS = 3;

const kindsZh: Readonly<Record<string, string>> = {
  smoke: '烟雾',
  heat: '感温',
  gas: '可燃气体',
  manualAlarm: '手动报警',
  fire: '火警',
  arc: '故障电弧',
  overload: '过载',
  contactHeating: '接触发热',
  overTemperature: '超温',
  residualCurrent: '剩余电流',
  overVoltage: '过压',
  underVoltage: '欠压',
  phaseLoss: '缺相',
  neutralLoss: '断零',
  imbalance: '三相不平衡',
  prohibitedLoad: '违规负载',
};

/** `manualAlarm` → `manual alarm`. */
const inWords = (kind: string): string => kind.replace(/[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`);

const listed = (kinds: readonly string[], wordOf: (kind: string) => string, many: string): string =>
  kinds.length === 0 || kinds.length > MOST_KINDS ? many : kinds.map(wordOf).join(' / ');

export const acceptanceWords: Readonly<Record<'zh' | 'en', AcceptanceWords>> = {
  zh: {
    title: '消防物联网验收记录',
    version: '版本',
    venue: '场所',
    organisation: '单位',
    venueClass: '类别',
    address: '地址',
    wave: '批次',
    test: '测试',
    started: '开始',
    ended: '结束',
    byItself: '到时自动结束',
    notTriggered: '未触发',
    failed: '不合格',
    points: '测试点',
    number: '序号',
    device: '设备 / 测点',
    place: '名称 · 位置',
    expected: '应报 / 实报',
    outcome: '结果',
    at: '时间',
    screen: '上屏用时',
    screenNote:
      '上屏用时：中心收到该事件至写盘后交给实时推送；不含探测器响应、传输和浏览器绘制。时间为北京时间（UTC+8）。',
    signatures: '签署',
    notSigned: '尚未在系统中确认',
    confirmed: '在本人登录中确认',
    ink: '签字',
    date: '日期',
    hashNote: '以上内容规范化 JSON（RFC 8785）的 SHA-256；两位签署人确认的正是这一内容，内容变更即为新版本。',
    classes: {
      keyUnit: '消防安全重点单位',
      nineSmall: '九小场所',
      enterprise: '重点企业',
      school: '学校',
      hospital: '医院',
      office: '办公楼',
    },
    capacities: { handOver: '移交方（安装单位）', takeOver: '接收方（使用 / 运营单位）' },
    time: shanghai,
    result: (isPassed) => (isPassed ? '结论：合格' : '结论：不合格，存在遗留项'),
    counts: ({ points, passed, byHand, failed, open }) =>
      `测试点 ${points} 个：合格 ${passed}（其中人工确认 ${byHand}），不合格 ${failed}，未触发 ${open}`,
    remaining: (count) => `遗留项 ${count} 项`,
    expects: (kinds, told) =>
      told === undefined ? listed(kinds, (kind) => kindsZh[kind] ?? kind, '任一报警') : (kindsZh[told] ?? told),
    outcomeOf: (result) => {
      if (result === undefined) return '未触发';
      const outcome = result.outcome === 'passed' ? '合格' : '不合格';
      return result.how === 'event'
        ? `${outcome}（事件）`
        : `${outcome}（人工 ${result.by ?? ''}：${result.reason ?? ''}）`;
    },
    screenTime,
    page: (page, of) => `第 ${page} / ${of} 页`,
  },
  en: {
    title: 'Acceptance record',
    version: 'Version',
    venue: 'Venue',
    organisation: 'Organisation',
    venueClass: 'Class',
    address: 'Address',
    wave: 'Wave',
    test: 'Test',
    started: 'Started',
    ended: 'Ended',
    byItself: 'its time was up',
    notTriggered: 'not triggered',
    failed: 'failed',
    points: 'Points',
    number: 'No.',
    device: 'Device / point',
    place: 'Name · place',
    expected: 'Expected / told',
    outcome: 'Result',
    at: 'Time',
    screen: 'To screen',
    screenNote:
      'To screen: from the receipt of the event by the centre until it is durable and handed to the live feed; without the detector’s response, the transmission and the browser. Times are UTC+8.',
    signatures: 'Signatures',
    notSigned: 'not confirmed in the system yet',
    confirmed: 'confirmed in the own session',
    ink: 'Signature',
    date: 'Date',
    hashNote:
      'SHA-256 of the content as canonical JSON (RFC 8785). Both have confirmed this content; any change of it is a new version.',
    classes: {
      keyUnit: 'key fire unit',
      nineSmall: 'nine-small place',
      enterprise: 'key enterprise',
      school: 'school',
      hospital: 'hospital',
      office: 'office building',
    },
    capacities: { handOver: 'Hands over (installer)', takeOver: 'Takes over (user or operator)' },
    time: shanghai,
    result: (isPassed) => (isPassed ? 'Result: passed' : 'Result: not passed, items remain'),
    counts: ({ points, passed, byHand, failed, open }) =>
      `${points} points: ${passed} passed (${byHand} of them by hand), ${failed} failed, ${open} not triggered`,
    remaining: (count) => `Items that remain: ${count}`,
    expects: (kinds, told) => (told === undefined ? listed(kinds, inWords, 'any alarm') : inWords(told)),
    outcomeOf: (result) => {
      if (result === undefined) return 'not triggered';
      return result.how === 'event'
        ? `${result.outcome} (event)`
        : `${result.outcome} (by hand, ${result.by ?? ''}: ${result.reason ?? ''})`;
    },
    screenTime,
    page: (page, of) => `Page ${page} of ${of}`,
  },
};
