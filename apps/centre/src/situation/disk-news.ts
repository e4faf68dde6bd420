/** The disk of the centre has got below its reserve, or has room again; no timer, an entry of its own. */
export type DiskNews = {
  readonly kind: 'diskSpace';
  readonly state: 'low' | 'back';
  readonly freeBytes: number;
};
