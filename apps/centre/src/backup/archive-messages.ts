export type ArchiveStart = { readonly target: string; readonly isGentle: boolean };

/** What the thread is told, one at a time. `as`: name in the archive; `at`: epoch ms. */
export type ArchiveOrder =
  | { readonly kind: 'bytes'; readonly as: string; readonly bytes: Uint8Array; readonly at: number }
  | { readonly kind: 'file'; readonly from: string; readonly as: string; readonly isPacked: boolean }
  /** `without`: paths below the folder; a bare name wherever it stands, with two stars and a slash before it. */
  | { readonly kind: 'folder'; readonly from: string; readonly as: string; readonly without: readonly string[] }
  /** Files of a folder, by name; the folder itself is in the archive already. */
  | { readonly kind: 'named'; readonly from: string; readonly as: string; readonly names: readonly string[] }
  | { readonly kind: 'finish'; readonly asOf: string; readonly at: number };

/** `bytes` of `progress`: read so far; of `done`: written so far. */
export type ArchiveReply =
  | { readonly kind: 'progress'; readonly bytes: number }
  | { readonly kind: 'done'; readonly bytes: number }
  | { readonly kind: 'failed'; readonly reason: string };
