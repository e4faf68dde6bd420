const BROWSERS = [
  ['Edge', /\bEdg(?:e|A|iOS)?\/(\d+)/],
  ['WeChat', /\bMicroMessenger\/(\d+)/],
  ['Opera', /\bOPR\/(\d+)/],
  ['Firefox', /\b(?:Firefox|FxiOS)\/(\d+)/],
  ['Chrome', /\b(?:Headless)?(?:Chrome|CriOS)\/(\d+)/],
  ['Safari', /\bVersion\/(\d+).*\bSafari\//],
] as const;
const SYSTEMS = [
  ['Android', /Android/],
  ['iOS', /iPhone|iPad/],
  ['Windows', /Windows/],
  ['macOS', /Macintosh/],
  ['Linux', /Linux/],
] as const;

/** `Mozilla/5.0 (X11; Linux x86_64) … Chrome/140.0 …` → `Chrome 140 · Linux`; what is not known stays as it is. */
export function agentName(agent: string): string {
  const browser = BROWSERS.find(([, pattern]) => pattern.test(agent));
  if (browser === undefined) return agent;
  const [name, pattern] = browser;
  const system = SYSTEMS.find(([, known]) => known.test(agent))?.[0];
  return [`${name} ${pattern.exec(agent)?.[1] ?? ''}`, ...(system ? [system] : [])].join(' · ');
}
