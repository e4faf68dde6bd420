import type { AlarmState, Origin } from '@fengsui/alarm';
import type { BlindReason, ContactRole, GasSupply, IncidentState, ProcedureStep, VenueClass } from '@fengsui/protocol';

type Words = {
  readonly [
    Key in
      | 'title'
      | 'use'
      | 'troubles'
      | 'noTroubles'
      | 'incidents'
      | 'noIncidents'
      | 'alarms'
      | 'noAlarms'
      | 'blind'
      | 'noBlind'
      | 'procedure'
      | 'venues'
      | 'log'
      | 'logNote'
      | 'number'
      | 'venue'
      | 'state'
      | 'owner'
      | 'since'
      | 'count'
      | 'what'
      | 'place'
      | 'why'
      | 'step'
      | 'limit'
      | 'who'
      | 'address'
      | 'facts'
      | 'contacts'
      | 'time'
      | 'told'
      | 'done'
      | 'nobody'
      | 'telephone'
  ]: string;
} & {
  readonly origins: Readonly<Record<Exclude<Origin, 'live'>, string>>;
  readonly incidentStates: Readonly<Record<IncidentState, string>>;
  readonly alarmStates: Readonly<Record<AlarmState, string>>;
  readonly blindReasons: Readonly<Record<BlindReason, string>>;
  readonly classes: Readonly<Record<VenueClass, string>>;
  readonly gas: Readonly<Record<GasSupply, string>>;
  readonly roles: Readonly<Record<ContactRole, string>>;
  readonly steps: Readonly<Record<ProcedureStep, string>>;
  readonly limits: readonly string[];
  readonly storeys: (count: number) => string;
  readonly people: (count: number) => string;
  readonly shownOf: (shown: number, all: number) => string;
  readonly page: (page: number, of: number) => string;
};

export type DeskPackWords = Words;

export const deskPackWords: Readonly<Record<'zh' | 'en', Words>> = {
  zh: {
    title: '值班应急纸质包',
    use: '系统停用时据此值守：先看未结束的报警和无法报警的部位，电话联系场所，逐项记在末页的空白记录上，系统恢复后补录。',
    troubles: '中心现在不正常的部分',
    noTroubles: '打印时中心各部分正常。',
    incidents: '处理中的警情',
    noIncidents: '没有处理中的警情。',
    alarms: '未结束的告警',
    noAlarms: '没有未结束的告警。',
    blind: '无法报警的部位',
    noBlind: '没有已知的盲区。',
    procedure: '处置步骤与时限',
    venues: '场所与联系人',
    log: '值班记录（手写）',
    logNote: '写明实际时间；恢复后补录的内容注明“补录”。',
    number: '编号',
    venue: '场所',
    state: '状态',
    owner: '处理人',
    since: '开始',
    count: '报警数',
    what: '内容',
    place: '部位',
    why: '原因',
    step: '步骤',
    limit: '时限',
    who: '做什么',
    address: '地址',
    facts: '消防登记',
    contacts: '联系人',
    time: '时间',
    told: '谁报告、内容',
    done: '处置、通知了谁',
    nobody: '无人',
    telephone: '火警电话 119',
    origins: { simulated: '模拟', drill: '演练', test: '测试', replay: '回放' },
    incidentStates: {
      open: '无人处理',
      owned: '未核实',
      confirmed: '真实火警',
      dismissed: '非火警，待结束',
      closed: '已结束',
    },
    alarmStates: {
      normal: '已结束',
      unacknowledged: '未确认',
      acknowledged: '已确认',
      returnedUnacknowledged: '已恢复·未确认',
      latchedUnacknowledged: '锁存·未确认',
      latchedAcknowledged: '锁存·待检查',
      shelved: '搁置',
      suppressedByDesign: '设计抑制',
      outOfService: '停用',
    },
    blindReasons: {
      noArea: '没有位置',
      modelWithoutAlarm: '型号不会告警',
      noRule: '没有判定规则',
      neverTested: '从未测试',
      testFailed: '测试未通过',
      isolated: '被屏蔽或搁置',
      onTest: '测试中',
      maintenance: '维修中',
      notActive: '未投用',
      venueNotLive: '场所未投运',
      revoked: '凭证已撤销',
      neverReported: '从未上报',
      silent: '离线或静默',
      calibrationOverdue: '校准过期',
      sensorDrifting: '传感器漂移',
      sensorNoisy: '传感器噪声大',
      sensorStuck: '传感器读数不动',
    },
    classes: {
      keyUnit: '重点单位',
      nineSmall: '九小场所',
      enterprise: '重点企业',
      school: '学校',
      hospital: '医院',
      office: '办公楼',
    },
    gas: { none: '无燃气', piped: '管道燃气', bottled: '瓶装气', tank: '储罐' },
    roles: {
      responsible: '责任人',
      manager: '管理人',
      duty: '值班',
      owner: '业主',
      maintenance: '维保',
      other: '其他',
    },
    steps: {
      displayed: '上屏',
      acknowledged: '确认',
      firstWord: '联系上现场',
      verified: '核实',
      reported: '报 119',
    },
    limits: [
      '有人看到报警',
      '接手，写下时间与姓名',
      '按顺序打联系人；无人接听换下一位，同时派人',
      '现场或视频确认：真实火警、误报、测试、故障',
      '真实火警立即拨打 119，报地址、类别、层数、人数、燃气、进入方式，记下接警人',
    ],
    storeys: (count) => `${count} 层`,
    people: (count) => `最多 ${count} 人`,
    shownOf: (shown, all) => (shown === all ? `${all}` : `${shown} / ${all}，其余从略`),
    page: (page, of) => `第 ${page} 页，共 ${of} 页`,
  },
  en: {
    title: 'Desk pack',
    use: 'For the watch when the system is down: look at the open alarms and at what cannot raise one, call the venues, write each step on the blank log at the end, and type it in when the system is back.',
    troubles: 'What of the centre does not work',
    noTroubles: 'Everything of the centre worked when this was printed.',
    incidents: 'Incidents in hand',
    noIncidents: 'No incident is open.',
    alarms: 'Open alarms',
    noAlarms: 'No alarm is open.',
    blind: 'What cannot raise an alarm',
    noBlind: 'No blind spot is known.',
    procedure: 'The procedure and its limits',
    venues: 'Venues and whom to call',
    log: 'Log (by hand)',
    logNote: 'Write the time at which it happened; what is typed in afterwards is marked late.',
    number: 'No.',
    venue: 'Venue',
    state: 'State',
    owner: 'In hand',
    since: 'Since',
    count: 'Alarms',
    what: 'What',
    place: 'Where',
    why: 'Why',
    step: 'Step',
    limit: 'Limit',
    who: 'What to do',
    address: 'Address',
    facts: 'For the fire brigade',
    contacts: 'Contacts',
    time: 'Time',
    told: 'Who told what',
    done: 'What was done, who was told',
    nobody: 'nobody',
    telephone: 'Fire: 119',
    origins: { simulated: 'simulated', drill: 'drill', test: 'test', replay: 'replay' },
    incidentStates: {
      open: 'nobody has it',
      owned: 'not verified',
      confirmed: 'a real fire',
      dismissed: 'no fire, to be closed',
      closed: 'closed',
    },
    alarmStates: {
      normal: 'ended',
      unacknowledged: 'unacknowledged',
      acknowledged: 'acknowledged',
      returnedUnacknowledged: 'returned, unacknowledged',
      latchedUnacknowledged: 'latched, unacknowledged',
      latchedAcknowledged: 'latched, to be inspected',
      shelved: 'shelved',
      suppressedByDesign: 'suppressed by design',
      outOfService: 'out of service',
    },
    blindReasons: {
      noArea: 'no place',
      modelWithoutAlarm: 'model raises nothing',
      noRule: 'no rule',
      neverTested: 'never tested',
      testFailed: 'test failed',
      isolated: 'isolated, shelved or shielded',
      onTest: 'on test',
      maintenance: 'maintenance',
      notActive: 'not in use',
      venueNotLive: 'venue not live',
      revoked: 'credential revoked',
      neverReported: 'never reported',
      silent: 'offline or silent',
      calibrationOverdue: 'calibration overdue',
      sensorDrifting: 'sensor drifts',
      sensorNoisy: 'sensor noisy',
      sensorStuck: 'sensor stuck',
    },
    classes: {
      keyUnit: 'key unit',
      nineSmall: 'nine-small place',
      enterprise: 'key enterprise',
      school: 'school',
      hospital: 'hospital',
      office: 'office',
    },
    gas: { none: 'no gas', piped: 'piped gas', bottled: 'bottled gas', tank: 'gas tank' },
    roles: {
      responsible: 'responsible',
      manager: 'manager',
      duty: 'duty room',
      owner: 'owner',
      maintenance: 'maintenance',
      other: 'other',
    },
    steps: {
      displayed: 'Displayed',
      acknowledged: 'Acknowledged',
      firstWord: 'First word',
      verified: 'Verified',
      reported: 'Reported to 119',
    },
    limits: [
      'somebody sees the alarm',
      'take it, write down time and name',
      'call the contacts in their order; no answer: the next one, and send somebody',
      'on site or by video: a real fire, a false alarm, a test, a fault',
      'a real fire: call 119 at once with address, class, storeys, people, gas, access; write down who answered',
    ],
    storeys: (count) => `${count} storeys`,
    people: (count) => `${count} people at most`,
    shownOf: (shown, all) => (shown === all ? `${all}` : `${shown} of ${all}, the others are left out`),
    page: (page, of) => `page ${page} of ${of}`,
  },
};
