import i18next, { type TFunction } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en } from './en.ts';
import { keepLanguage, languageTag, storedLanguage, type Language } from './language.ts';
import { zh, type Messages } from './zh.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: Messages };
  }
}

/** `t` of this console: keys are checked against zh.ts. */
export type Translate = TFunction;

/** Starts i18next with both catalogues; they are small, and a seat may switch at any moment, also when the net is gone. */
export async function startLanguage(): Promise<void> {
  const language = storedLanguage(globalThis.localStorage);
  document.documentElement.lang = languageTag(language);
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'zh',
    resources: { zh: { translation: zh }, en: { translation: en } },
    interpolation: { escapeValue: false },
  });
}

export function currentLanguage(): Language {
  return i18next.language === 'en' ? 'en' : 'zh';
}

export async function switchLanguage(language: Language): Promise<void> {
  keepLanguage(globalThis.localStorage, language);
  document.documentElement.lang = languageTag(language);
  await i18next.changeLanguage(language);
}
