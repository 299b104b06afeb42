type Environment = Readonly<Record<string, string | undefined>>;

/** The language of whoever runs a command: TONGPING_LANG, else what the system says. Chinese unless it says English. */
export function readsEnglish(env: Environment = process.env): boolean {
	const said = env['TONGPING_LANG'] || env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '';
	return /^en/iu.test(said);
}
export const inWords = (zh: string, en: string): string => (readsEnglish() ? en : zh);

/** A refused setting is said in both languages, English first. */
export function settingInWords(message: string): string {
	const [en = message, zh = en] = message.split(/ \/ (?=[^/]*$)/u);
	return inWords(zh, en);
}
