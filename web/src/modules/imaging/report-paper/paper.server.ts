import { plainText, type ReportVersion, type StudyView } from '@tongping/domain/imaging';
import { HOSPITAL_ZONE } from '@tongping/domain/kernel';
import { renderPdf } from '@tongping/domain/kernel/server';
import type { Locale } from '#kernel/text.ts';
import { text as en } from './i18n/en.ts';
import { text as zh } from './i18n/zh-CN.ts';

const rule = { canvas: [{ type: 'line', x1: 0, y1: 0, x2: 499, y2: 0, lineWidth: 0.7 }] };
const stamp = new Intl.DateTimeFormat('sv-SE', { timeZone: HOSPITAL_ZONE, dateStyle: 'short', timeStyle: 'medium' });

/** The signed version in force and everything signed after it; null while nothing is signed. */
function inForce(versions: readonly ReportVersion[]): { readonly main: ReportVersion; readonly addenda: readonly ReportVersion[] } | null {
	const main = versions.filter((version) => version.content !== null).at(-1);
	return main === undefined ? null : { main, addenda: versions.filter((version) => version.kind === 'addendum') };
}

/** The frozen words and values of the signatures, never the document being typed. Null while nothing is signed. */
export async function reportPdf(view: StudyView, locale: Locale, now: number): Promise<Uint8Array | null> {
	const found = inForce(view.reportView.versions);
	if (found === null || view.chart === null || found.main.content === null) return null;
	const t = locale === 'en' ? en : zh;
	const { main, addenda } = found;
	const { content } = found.main;
	const identity = [
		`${t.name} ${view.chart.name}`,
		`${t.sex} ${t.sexes[view.chart.sex ?? 'unknown'] ?? ''}`,
		`${t.born} ${view.chart.birthDate ?? '—'}`,
		`${t.number} ${view.chart.mrn}`,
		`${t.accession} ${view.accession ?? '—'}`,
		`${t.study} ${[...view.modalities, view.description ?? ''].join(' ')}`,
		`${t.date} ${view.studyDate ?? '—'}`,
		`${t.kinds[main.kind] ?? ''} · ${t.version(main.version)}`
	];
	const section = (title: string, words: string): readonly object[] => [
		{ text: title, bold: true, margin: [0, 8, 0, 2] },
		{ text: words, margin: [0, 0, 0, 2] }
	];
	const signed = view.reportView.versions.filter((version) => version.version >= main.version || version.kind === 'preliminary');
	const vouched = view.matching.kind === 'matched' && view.matching.identity === 'confirmed';
	return renderPdf({
		info: { title: t.title },
		content: [
			{ text: t.title, fontSize: 16, bold: true, alignment: 'center', margin: [0, 0, 0, 6] },
			{ text: identity.join('    '), fontSize: 9.5, margin: [0, 0, 0, 3] },
			rule,
			...(vouched ? [{ text: t.vouched, fontSize: 9, margin: [0, 4, 0, 0] }] : []),
			...section(t.findings, plainText(content.findings, content.measurements)),
			...section(t.impression, plainText(content.impression, content.measurements)),
			...(content.measurements.length === 0
				? []
				: section(
						t.measurements,
						content.measurements
							.map((quoted) => `${quoted.label} ${quoted.value.toFixed(1)} ${quoted.unit} (${quoted.sopUid}, ${t.frame(quoted.frame)})`)
							.join('\n')
					)),
			...addenda.flatMap((addendum) => section(t.addendum(addendum.version), addendum.text ?? '')),
			{ ...rule, margin: [0, 12, 0, 2] },
			...signed.flatMap((version) => [
				{
					text: `${t.acts[version.kind] ?? ''} ${version.byName} ${stamp.format(version.at)} · ${t.version(version.version)}`,
					bold: true,
					margin: [0, 4, 0, 0]
				},
				{ text: `${t.hash} ${version.hash}`, fontSize: 7.5 }
			]),
			...(main.kind === 'preliminary' ? [{ text: t.preliminary, fontSize: 9, bold: true, margin: [0, 6, 0, 0] }] : []),
			{ text: t.noCa, fontSize: 9, margin: [0, 6, 0, 0] },
			{ text: `${t.printed} ${stamp.format(now)}`, fontSize: 8 }
		]
	});
}
