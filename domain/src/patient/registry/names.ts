/** What can be mistaken for another name at a glance or by ear. */
export type NameLikeness = 'same' | 'near';
interface Named {
	readonly name: string;
	readonly pinyin: string;
}

// 王芳 and 王方 sound alike, 李晨 and 李辰 look alike: both have led to the wrong patient being given the drug.
export function nameLikeness(a: Named, b: Named): NameLikeness | null {
	if (a.name === b.name) return 'same';
	if (a.pinyin !== '' && a.pinyin === b.pinyin) return 'near';
	const left = [...a.name];
	const right = [...b.name];
	if (left.length !== right.length || left.length < 2) return null;
	const differing = left.filter((character, place) => character !== right[place]).length;
	// In a name of two characters one shared surname is no likeness: half the ward would be marked.
	return differing === 1 && left.length > 2 && left[0] === right[0] ? 'near' : null;
}
