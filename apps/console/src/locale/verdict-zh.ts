/** What an alarm turned out to be, Chinese. */
export const verdictZh = {
  verdict: {
    title: '判定：这条告警是什么',
    button: '判定',
    again: '改判',
    why: '告警结束后也能判定。误报率只统计判定过的告警。',
    word: { real: '真实', false: '误报' },
    cause: '误报原因',
    causes: {
      cooking: '烹饪油烟',
      dust: '灰尘',
      steam: '水汽',
      work: '施工、动火',
      test: '测试、检查',
      deviceFault: '设备故障',
      unknown: '原因不明',
    },
    causeMissing: '误报要选一个原因。',
    note: '说明（可不填）',
    save: '保存判定',
    found: '判定',
    foundWords: '{{word}}，{{who}}，{{time}}',
    foundFalse: '误报 · {{cause}}，{{who}}，{{time}}',
    notYet: '先确认告警，再判定。',
  },
} as const;
