import { pinyin } from 'pinyin-pro';

/** `沈若溪` -> `shen ruo xi` and `srx`; words in Latin letters stay words. Surnames have their own readings (单 is shan). */
export function soundOf(name: string): { readonly pinyin: string; readonly initials: string } {
	const syllables = pinyin(name, { toneType: 'none', type: 'array', mode: 'surname', nonZh: 'consecutive', v: true })
		.join(' ')
		.toLowerCase()
		.split(/[^a-z0-9]+/u)
		.filter((part) => part !== '');
	return { pinyin: syllables.join(' '), initials: syllables.map((part) => part[0]).join('') };
}

export const searchKey = (name: string, sound: { readonly pinyin: string; readonly initials: string }, mrn: string): string =>
	[name, sound.pinyin.replaceAll(' ', ''), sound.initials, mrn].join('|').toLowerCase();
