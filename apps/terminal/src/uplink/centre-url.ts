/** @throws RangeError for anything but `mqtt://host:port` and `mqtts://host:port` without user and password. */
export function checkCentreUrl(url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const isMqtt = parsed?.protocol === 'mqtt:' || parsed?.protocol === 'mqtts:';
  if (parsed === undefined || !isMqtt || parsed.hostname === '') {
    throw new RangeError(`centre is ${JSON.stringify(url)}, expected mqtt://host:port or mqtts://host:port`);
  }
  if (parsed.username !== '' || parsed.password !== '') {
    throw new RangeError('the address of the centre holds a user name or password, expected neither');
  }
}
