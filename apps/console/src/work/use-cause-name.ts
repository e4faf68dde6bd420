import type { WorkWords } from '@fengsui/protocol';
import { useTranslation } from 'react-i18next';

/** Words of a cause in the language of the screen; a code nobody knows (any more) stands as it is. */
export function useCauseName(words: WorkWords | undefined): (code: string) => string {
  const { i18n } = useTranslation();
  return (code) => {
    const label = words?.causes.find((cause) => cause.code === code)?.label;
    return (i18n.language === 'en' ? label?.en : label?.zh) ?? code;
  };
}
