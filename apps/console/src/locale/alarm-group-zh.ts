/** Alarms with one cause, Chinese. */
export const alarmGroupZh = {
  group: {
    cause: {
      mainsCut: '多处断电',
      buildingPower: '场所断电',
      gateway: '网关失联',
      silence: '成批失联',
      loopFault: '消防回路故障',
      rate: '告警密集',
    },
    title: '{{cause}} · {{n}} 条',
    kind: '{{kind}} {{n}}',
    venues: '{{n}} 处：{{names}}',
    and: '、',
    waiting: '未确认 {{n}}',
    active: '仍在 {{n}}',
    open: '展开这一组',
    close: '收起这一组',
    select: '选择这一组',
    inGroup: '同一原因',
    acknowledged: '已确认该组当前的 {{n}} 条；以后加入的仍需确认。',
    chatter: '抖动 {{n}} 次/10 分',
  },
  /** How much the alarms ask of who watches. */
  alarmLoad: {
    title: '告警负荷',
    day: '近 24 小时，同一原因算一条',
    unknown: '取不到告警负荷',
    lines: '最近 10 分钟 {{latest}} 条 · 最多 {{most}} · 平均 {{mean}}（目标 ≤ 1）',
    flood: '告警洪峰：最近 10 分钟 {{latest}} 条 · 最多 {{most}} · 平均 {{mean}}',
    state: '洪峰占时 {{share}} · 超 24 小时 {{stale}} · 抖动 {{chattering}}',
    high: 'P1+P2 {{share}}（目标 {{wanted}}）',
    medium: 'P3 {{share}}（{{wanted}}）',
    low: 'P4 {{share}}（{{wanted}}）',
  },
} as const;
