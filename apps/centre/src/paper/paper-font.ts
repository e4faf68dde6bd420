import { fileURLToPath } from 'node:url';
import type { Doc } from './doc.ts';

/** Complete, so that no name of a shop meets a character that is missing; a document embeds only what it uses. */
const file = fileURLToPath(new URL('./font/NotoSansSC-Regular.ttf', import.meta.url));

/** Chinese and Latin in one face; there is no second weight, so nothing is said by boldness alone. */
export function usePaperFont(doc: Doc): void {
  doc.font(file);
}
