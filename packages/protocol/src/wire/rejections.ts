import { shortText } from './discarded.ts';
import { printable } from './plain-text.ts';
import type { RejectedValue, RejectReason } from './telemetry-message.ts';

const longestList = 100;

/** Collects refused values: counts all, keeps the first 100, so that a bad batch costs no more than a good one. */
export class Rejections {
  readonly list: RejectedValue[] = [];
  count = 0;

  add(point: unknown, reason: RejectReason, value: unknown, row?: number): void {
    this.count += 1;
    if (this.list.length >= longestList) return;
    const name = typeof point === 'string' ? printable(point, 64) : shortText(point);
    this.list.push({ point: name, reason, value: shortText(value), ...(row === undefined ? {} : { row }) });
  }
}
