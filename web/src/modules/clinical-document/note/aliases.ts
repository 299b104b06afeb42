import { itemOf, ITEMS } from '@tongping/domain/clinical-record';
import type { Locale } from '#kernel/text.ts';
import { BLOOD_PRESSURE, type ChipFacts } from '@tongping/domain/clinical-document';

/** What people type after `/` besides the name. */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
	[ITEMS.temperature.code]: ['t', 'tw', 'temp'],
	[ITEMS.pulse.code]: ['p', 'hr', 'mb', '心率'],
	[ITEMS.respiration.code]: ['r', 'rr', 'hx'],
	[BLOOD_PRESSURE.code]: ['bp', 'xy', '血压'],
	[ITEMS.systolic.code]: ['bp', 'sbp'],
	[ITEMS.spo2.code]: ['spo2', 'xybhd', '血氧'],
	[ITEMS.potassium.code]: ['k', '血钾'],
	[ITEMS.sodium.code]: ['na', '血钠'],
	[ITEMS.lithium.code]: ['li', '血锂'],
	[ITEMS.creatinine.code]: ['cr', 'crea'],
	[ITEMS.glucose.code]: ['glu', '血糖'],
	[ITEMS.wbc.code]: ['wbc', 'bxb'],
	[ITEMS.haemoglobin.code]: ['hb', 'hgb'],
	[ITEMS.weight.code]: ['wt', 'tz']
};

/** The ward's short word where the name is longer than a cell; the full one is in the tip and in the text. */
const SHORT: Readonly<Record<string, { readonly zh?: string; readonly en: string }>> = {
	[ITEMS.temperature.code]: { en: 'Temp' },
	[ITEMS.respiration.code]: { en: 'Resp' },
	[BLOOD_PRESSURE.code]: { en: 'BP' },
	[ITEMS.consciousness.code]: { en: 'AVPU' },
	[ITEMS.spo2.code]: { zh: 'SpO₂', en: 'SpO₂' },
	[ITEMS.alt.code]: { zh: 'ALT', en: 'ALT' },
	[ITEMS.tsh.code]: { zh: 'TSH', en: 'TSH' },
	[ITEMS.neutrophils.code]: { zh: '中性粒', en: 'Neut' },
	[ITEMS.haemoglobin.code]: { zh: 'Hb', en: 'Hb' },
	[ITEMS.creatinine.code]: { en: 'Crea' },
	[ITEMS.potassium.code]: { en: 'K' },
	[ITEMS.sodium.code]: { en: 'Na' },
	[ITEMS.wbc.code]: { zh: '白细胞', en: 'WBC' },
	[ITEMS.lithium.code]: { zh: '血锂', en: 'Li' }
};

/** Values whose name, alias or code begins with what was typed; nothing typed offers the first eight. */
export function matching<T extends { readonly chip: ChipFacts }>(lines: readonly T[], query: string): readonly T[] {
	const typed = query.toLowerCase();
	const names = (line: T): readonly string[] => [line.chip.label.toLowerCase(), line.chip.code, ...(ALIASES[line.chip.code] ?? [])];
	const exact = lines.filter((line) => names(line).includes(typed));
	const begun = lines.filter((line) => !exact.includes(line) && names(line).some((name) => name.startsWith(typed)));
	return [...exact, ...begun].slice(0, 8);
}

/** The full name in the reader's language; the text of the record keeps the record's own. */
export const nameOf = (chip: ChipFacts, locale: Locale): string =>
	locale !== 'en' ? chip.label : chip.code === BLOOD_PRESSURE.code ? 'Blood pressure' : (itemOf(chip.code)?.en ?? chip.label);
export const shortName = (chip: ChipFacts, locale: Locale): string => SHORT[chip.code]?.[locale === 'en' ? 'en' : 'zh'] ?? nameOf(chip, locale);
