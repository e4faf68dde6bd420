import { kindWords } from '@fengsui/alarm';

/** Words an alarm is told in, on every page, Chinese. */
export const alarmZh = {
  origin: {
    live: '实况',
    simulated: '模拟',
    drill: '演练',
    test: '测试',
    replay: '回放',
    simulatedChip: '模拟 SIMULATED',
    drillChip: '演练 DRILL',
    simulatedBanner: '屏幕上有模拟数据，不是真实设备的上报',
    drillBanner: '演练进行中：紫色条目不是真实告警',
  },
  originName: { live: '实况', simulated: '模拟', drill: '演练', test: '测试', replay: '回放' },
  /** Where an alarm is that is no device's. */
  bearer: { centre: '本中心', relay: '转发', rollout: '终端升级', source: '外部接入' },
  category: { fire: '火警', warning: '预警', supervisory: '监管', fault: '故障' },
  level: { attention: '注意', warning: '预警', alarm: '报警' },
  state: {
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
  standing: { unacknowledged: '未确认', acknowledged: '已确认', setAside: '搁置/抑制', ended: '已结束' },
  change: {
    raised: '发生',
    escalated: '升级',
    reraised: '再次发生',
    returned: '恢复',
    acknowledged: '确认',
    shelved: '搁置',
    unshelved: '取消搁置',
    suppressed: '抑制',
    unsuppressed: '取消抑制',
    removedFromService: '停用',
    returnedToService: '恢复使用',
    inspected: '现场检查',
    ended: '结束',
  },
  kind: kindWords.zh,
} as const;
