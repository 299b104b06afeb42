import { ITEMS } from '@tongping/domain/clinical-record';
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

/** Values whose name, alias or code begins with what was typed; nothing typed offers the first eight. */
export function matching<T extends { readonly chip: ChipFacts }>(lines: readonly T[], query: string): readonly T[] {
	const typed = query.toLowerCase();
	const names = (line: T): readonly string[] => [line.chip.label.toLowerCase(), line.chip.code, ...(ALIASES[line.chip.code] ?? [])];
	const exact = lines.filter((line) => names(line).includes(typed));
	const begun = lines.filter((line) => !exact.includes(line) && names(line).some((name) => name.startsWith(typed)));
	return [...exact, ...begun].slice(0, 8);
}
