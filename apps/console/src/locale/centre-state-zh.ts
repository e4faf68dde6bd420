/** 中心各项功能的现状，值班员凌晨三点看得懂。 */
export const centreStateZh = {
  centreState: {
    degraded: '中心降级运行',
    noAlarms: '新告警到不了这里！请立即改为人工值守：电话、消防控制室、现场巡查。',
    stopped: '停',
    works: '正常',
    name: {
      intake: '上报接收',
      alarms: '告警',
      screens: '画面更新',
      history: '历史记录',
      commands: '下发指令',
      relays: '向上级转发',
      lease: '主用身份',
      backup: '备份',
      audit: '审计',
    },
    meaning: {
      intake: '设备自己保存上报，恢复后补传',
      alarms: '恢复后补报',
      screens: '看到的是之前的状态',
      history: '暂不写入，查询可能无应答',
      commands: '无法下发',
      relays: '先存着，对方恢复后补发',
      lease: '可能由另一中心接管',
      backup: '没有新的备份',
      audit: '记录延后写入或延后送出',
    },
    held: '会自行恢复',
    broken: '需要有人处理',
    reason: '原因：{{reason}}',
  },
};
