/** A scheduled backup has failed, or one has been made after that; no timer, an entry of its own. */
export type BackupNews = { readonly kind: 'backup'; readonly state: 'failed' | 'made' };
