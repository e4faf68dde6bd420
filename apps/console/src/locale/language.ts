export const languages = ['zh', 'en'] as const;
export type Language = (typeof languages)[number];

const storageKey = 'fengsui.language';

/** Minimal view of localStorage, which may be absent or refuse (private windows). */
type Storage = { getItem: (key: string) => string | null; setItem: (key: string, value: string) => void };

/** The language kept on this seat; Chinese unless someone switched. */
export function storedLanguage(storage: Storage | undefined): Language {
  try {
    const kept = storage?.getItem(storageKey);
    return languages.find((language) => language === kept) ?? 'zh';
  } catch {
    return 'zh';
  }
}

/** Keeps the language; a browser that refuses storage keeps it for this page alone. */
export function keepLanguage(storage: Storage | undefined, language: Language): void {
  try {
    storage?.setItem(storageKey, language);
  } catch {
    // Nothing to do: the switch still holds until the page is closed.
  }
}

/** Tag for `<html lang>`. */
export function languageTag(language: Language): string {
  return language === 'zh' ? 'zh-CN' : 'en';
}
