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
    nobody: '没有一个席位确认听得到告警声：打开着的 {{n}} 个席位都未试听或无声。请在页面顶部试听。',
    seats: '席位的声音',
    seatsOf: '听得到 {{heard}} / 打开着 {{all}}',
    noSeats: '现在没有打开着的席位：告警不会在任何席位响。',
    sinceWhen: '自 {{time}}',
    seat: { tried: '已试听', untried: '未试听', none: '无声' },
    todo: {
      untried: '在该席位页面顶部点“试听”，确认听到',
      none: '检查音量、扬声器、耳机和浏览器；修好前须另有人值听',
    },
  },
} as const;
