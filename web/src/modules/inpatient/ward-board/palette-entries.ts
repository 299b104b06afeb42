import type { Board, BoardPatient } from '@tongping/domain/inpatient';
import type { PaletteEntry } from '#ui/palette.ts';
import type { text } from './i18n/zh-CN.ts';
import { LEVEL_BAR } from './person.ts';

/** Everybody on this board, as the search palette offers them. */
export function paletteEntries(board: Board | null, t: typeof text, open: (person: BoardPatient) => void): readonly PaletteEntry[] {
	const entry = (person: BoardPatient, bed: string | null): PaletteEntry => ({
		id: person.stay,
		group: t.palette.group,
		label: `${bed ?? t.palette.waiting} ${person.name}`,
		detail: [t.card.sex[person.sex], person.diagnosis ?? ''].filter((part) => part !== '').join(' '),
		also: [person.name, person.initials, person.pinyin.replaceAll(' ', ''), person.mrn, ...(bed === null ? [] : [bed, String(Number(bed))])],
		...(person.alike === null ? {} : { tag: t.card[person.alike.kind] }),
		...(person.level === null ? {} : { bar: LEVEL_BAR[person.level.level] }),
		run: () => {
			open(person);
		}
	});
	return [
		...(board?.beds ?? []).flatMap((bed) => (bed.occupant === null ? [] : [entry(bed.occupant, bed.number)])),
		...(board?.waiting ?? []).map((one) => entry(one.occupant, null))
	];
}
