/** Somebody present: `slot` is the colour given by the server in order of arrival (0 is the first), `name` in full. */
export interface Person {
	readonly id: string;
	readonly name: string;
	readonly slot: number;
}

/** Surnames of two characters keep both; two people of one surname need the next character (王思, 王佩). */
const COMPOUND = new Set(['欧阳', '司马', '上官', '诸葛', '东方', '皇甫', '尉迟', '公孙', '慕容', '令狐', '司徒', '夏侯', '长孙', '宇文', '南宫', '端木']);

export function surname(name: string): string {
	if (/^[\x20-\x7e]/.test(name)) {
		const words = name.trim().split(/\s+/);
		return (words.at(-1) ?? name).slice(0, 1).toUpperCase();
	}
	return COMPOUND.has(name.slice(0, 2)) ? name.slice(0, 2) : name.slice(0, 1);
}

/** The short name each face carries, told apart where two surnames are the same. */
export function shortNames(people: readonly Person[]): ReadonlyMap<string, string> {
	const same = new Map<string, number>();
	for (const person of people) same.set(surname(person.name), (same.get(surname(person.name)) ?? 0) + 1);
	return new Map(
		people.map((person) => [
			person.id,
			(same.get(surname(person.name)) ?? 0) > 1 ? person.name.slice(0, surname(person.name).length + 1) : surname(person.name)
		])
	);
}

export const colourClass = (slot: number): string => `p${(slot % 12) + 1}${slot >= 12 ? ' ring' : ''}`;
