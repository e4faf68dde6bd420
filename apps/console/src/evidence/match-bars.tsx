import { sureness } from './load-words.ts';

export type Match = { readonly name: string; readonly probability: number };

/** Candidates with their probability; the best ones first. */
export function MatchBars({ title, matches }: { readonly title: string; readonly matches: readonly Match[] }) {
  if (matches.length === 0) return null;
  return (
    <div className="matches">
      <h3>{title}</h3>
      <ul>
        {matches.slice(0, 4).map(({ name, probability }) => (
          <li key={name}>
            <span className="match-name">{name}</span>
            <span className="match-bar" aria-hidden="true">
              <span style={{ width: `${Math.min(1, probability) * 100}%` }} />
            </span>
            <b>{sureness(probability)}</b>
          </li>
        ))}
      </ul>
    </div>
  );
}
