/** What a workstation remembers of its user's eyes: theme, language, density. Cookies, so that the first paint is already right. */
export type Theme = 'light' | 'dark';
export type Density = 'dense' | 'medium' | 'large';
const YEAR_S = 31_536_000;

export function keep(name: 'theme' | 'locale' | 'density', value: string): void {
	document.cookie = `${name}=${value}; path=/; max-age=${YEAR_S}; samesite=lax`;
}

export const theme = (): Theme => (document.documentElement.dataset['theme'] === 'dark' ? 'dark' : 'light');

export function useTheme(value: Theme): void {
	document.documentElement.dataset['theme'] = value;
	keep('theme', value);
}

/** The words of a page are chosen when it is made, so a change of language loads it again; nothing typed is only in the page. */
export function useLocale(value: 'zh-CN' | 'en'): void {
	keep('locale', value);
	location.reload();
}
