/** Words of the sound of a seat, Chinese. */
export const soundZh = {
  sound: {
    mute: '本席无声，请点试听',
    untried: '声音未试听',
    notHeard: '未听到：须另有人值听',
    notHeardWhy: '请检查音量、扬声器和耳机，再试一次。',
    try: '试听',
    tryAgain: '再试',
    heard: '听到了',
    heardNothing: '没听到',
    ready: '声音已试听',
    of: { fire: '正在响：火警', feedLost: '正在响：中断', urgent: '正在响：告警', notice: '正在响：提示' },
    silence: '消音',
    silenceWhy: '消音 2 分钟；新的告警和更严重的照响，到时未确认的再响。',
    silenced: '已消音 {{left}}',
  },
} as const;
