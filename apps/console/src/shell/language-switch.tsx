import { useTranslation } from 'react-i18next';
import { currentLanguage, switchLanguage } from '../locale/i18n.ts';

/** One button that names the other language in that language. */
export function LanguageSwitch() {
  const { t } = useTranslation();
  const other = currentLanguage() === 'zh' ? 'en' : 'zh';
  return (
    <button
      type="button"
      className="plain"
      lang={other === 'zh' ? 'zh-CN' : 'en'}
      aria-label={`${t('language.label')}: ${t(`language.${other}`)}`}
      onClick={() => void switchLanguage(other)}
    >
      {t(`language.${other}`)}
    </button>
  );
}
