import { isBefore, type Member } from './cluster.ts';

/** Members in the order of their time, of which neighbours within the gap hang together. */
export class GroupLine {
  readonly #gapMs: number;
  #members: Member[] = [];

  constructor(gapMs: number) {
    this.#gapMs = gapMs;
  }

  get isEmpty(): boolean {
    return this.#members.length === 0;
  }

  /** Takes a member in its place. @returns its neighbours that it hangs together with. */
  insert(member: Member): readonly Member[] {
    const place = this.#placeOf(member);
    const neighbours = [this.#members[place - 1], this.#members[place]];
    this.#members.splice(place, 0, member);
    return neighbours.filter(
      (near): near is Member => near !== undefined && Math.abs(near.raisedAt - member.raisedAt) <= this.#gapMs,
    );
  }

  /** Lets go of those that ended and that nothing new can hang together with any more; they are returned. */
  tidy(now: number): readonly Member[] {
    const isLeft = ({ isPresent, raisedAt }: Member): boolean => !isPresent && now - raisedAt > this.#gapMs;
    const left = this.#members.filter(isLeft);
    if (left.length > 0) this.#members = this.#members.filter((member) => !isLeft(member));
    return left;
  }

  /** How many come before it. */
  #placeOf(member: Member): number {
    let low = 0;
    let high = this.#members.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBefore(this.#members[middle] as Member, member)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
