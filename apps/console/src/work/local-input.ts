const two = (n: number): string => String(n).padStart(2, '0');

/** What `<input type="datetime-local">` wants, in the zone of the screen: `2026-11-23T08:30`. */
export function localInputOf(at: number): string {
  const date = new Date(at);
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}
