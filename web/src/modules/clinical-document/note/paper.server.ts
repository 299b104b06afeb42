import { TEMPLATES, type Inline, type TraceStamp } from '@tongping/domain/clinical-document';
import { ageInYears } from '@tongping/domain/kernel';
import { renderPdf } from '@tongping/domain/kernel/server';
import type { Locale } from '#kernel/text.ts';
import { text as en } from './i18n/en.ts';
import { text as zh } from './i18n/zh-CN.ts';
import type { PrintData } from './round.ts';
import { lines, type Line, type Piece } from './trace-pieces.ts';
import { clock, dateOf, fullTime, unitWord } from './units.ts';

const COLOURS: Readonly<Record<string, string>> = { attending: '#9c0020', 'head-nurse': '#9c0020', chief: '#5b1fa0' };
const rule = { canvas: [{ type: 'line', x1: 0, y1: 0, x2: 499, y2: 0, lineWidth: 0.7 }] };

const colourOf = (stamp: TraceStamp): string => COLOURS[stamp.role] ?? '#333333';
const labelOf = (stamp: TraceStamp, t: typeof zh): object => ({
	text: ` [${stamp.name} ${t.roles[stamp.role] ?? stamp.role} ${clock(stamp.at)}] `,
	fontSize: 7.5,
	color: colourOf(stamp)
});
/** A changed paragraph break, as the sign printers have for it. */
function markOf({ mark }: Line, t: typeof zh): readonly object[] {
	if (mark === null) return [];
	const style = { decoration: mark.kind === 'deletion' ? 'lineThrough' : 'underline', color: colourOf(mark.stamp) };
	return [{ text: '¶', ...style }, labelOf(mark.stamp, t)];
}
function runsOf(piece: Piece, traced: boolean, locale: Locale, t: typeof zh): readonly object[] {
	const { item, kind, stamp } = piece;
	const style = !traced || stamp === null ? {} : { decoration: kind === 'deletion' ? 'lineThrough' : 'underline', color: colourOf(stamp) };
	const label = traced && piece.ends && stamp !== null ? [labelOf(stamp, t)] : [];
	return [{ text: wordsOf(item, locale, t), ...(item.type === 'chip' ? { bold: true } : {}), ...style }, ...label];
}
function wordsOf(item: Inline, locale: Locale, t: typeof zh): string {
	if (item.type === 'text') return item.text;
	const { label, value, flag, unit, at } = item.chip;
	return ` ${label} ${value}${flag === '' ? '' : ` ${t.flags[flag]}`} ${unitWord(unit, locale)} (${dateOf(Number(at)).slice(5)} ${clock(Number(at))}) `;
}

/** The same words as on the print page, fonts embedded, so that a copy outlives this system. */
export function notePdf(data: PrintData, locale: Locale): Promise<Uint8Array> {
	const t = locale === 'en' ? en : zh;
	const age = ageInYears(data.patient.birthDate, data.now);
	const state = data.version === null ? t.print.draft : t.print.version(data.version);
	const identity = [
		`${t.print.name} ${data.patient.name}`,
		`${t.print.sex} ${t.banner.sex[data.patient.sex] ?? ''}`,
		`${t.print.age} ${age === null ? t.banner.ageUnknown : t.banner.years(age)}`,
		`${t.print.number} ${data.patient.mrn}`,
		`${t.print.ward} ${data.wardName}`,
		...(data.bed === null ? [] : [`${t.print.bed} ${data.bed}`]),
		`${t.print.date} ${data.date}`,
		state
	];
	const sections = TEMPLATES[data.content.type].sections.flatMap((section) => {
		const paragraphs = data.content.sections[section.root] ?? [];
		if (paragraphs.length === 0) return [];
		return [
			{ text: t.sections[section.root] ?? section.root, bold: true, margin: [0, 8, 0, 0] },
			...lines(paragraphs, data.traced).map((line) => ({
				text: [{ text: '' }, ...line.pieces.flatMap((piece) => runsOf(piece, data.traced, locale, t)), ...markOf(line, t)]
			}))
		];
	});
	const addenda = data.addenda.map((a) => ({
		text: `${t.addenda.heading} · ${t.sections[a.root] ?? a.root}: ${a.text} (${a.authorName} ${a.signedAt === null ? t.addenda.proposed : fullTime(a.signedAt)})`
	}));
	const signatures = data.signatures.flatMap((s) => [
		{ text: `${t.print.signed(s.by, t.roles[s.role] ?? s.role, fullTime(s.at))} · ${t.print.version(s.version)}`, bold: true, margin: [0, 4, 0, 0] },
		{ text: `${t.print.hash} ${s.contentHash}${s.holds ? '' : ` ${t.sign.chainBroken}`}`, fontSize: 7.5 }
	]);
	return renderPdf({
		info: { title: t.types[data.content.type] ?? '' },
		content: [
			{ text: t.types[data.content.type], fontSize: 16, bold: true, alignment: 'center', margin: [0, 0, 0, 6] },
			{ text: identity.join('    '), fontSize: 9.5, margin: [0, 0, 0, 3] },
			rule,
			...sections,
			...addenda,
			{ ...rule, margin: [0, 12, 0, 2] },
			...signatures,
			{ text: t.print.noCa, fontSize: 9, margin: [0, 6, 0, 0] },
			{ text: `${t.print.page} ${fullTime(data.now)}`, fontSize: 8 }
		]
	});
}
