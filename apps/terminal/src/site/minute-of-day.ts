/** Minute of the local day, 0 … 1439, for instants in epoch ms; one formatter, asked once a minute. */
export function createMinuteOfDay(timeZone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  let knownMinute = NaN;
  let known = 0;
  return (at) => {
    const minute = Math.floor(at / 60_000);
    if (minute === knownMinute) return known;
    knownMinute = minute;
    const [hours = '0', minutes = '0'] = format.format(at).split(':');
    known = Number(hours) * 60 + Number(minutes);
    return known;
  };
}
