import { getContext, setContext } from 'svelte';

export type Locale = 'zh-CN' | 'en';
const KEY = Symbol('locale');

/** Called once by the root layout; changing the language reloads the page. */
export const provideLocale = (locale: Locale): void => {
	setContext(KEY, locale);
};
export const locale = (): Locale => getContext<Locale | undefined>(KEY) ?? 'zh-CN';

/** A module's words in the reader's language. Own typed dictionaries: `en` must have the shape of `zh`, the compiler finds what is missing. */
export const useText = <T>(zh: T, en: T): T => (locale() === 'en' ? en : zh);
