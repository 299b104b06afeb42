import { z } from 'zod';
import type { Id, PatientId, WardId } from '../../kernel/index.ts';
import { patientIdSchema } from '../../patient/index.ts';

export type ObservationId = Id<'observation'>;
export type ObservationCategory = 'vital-signs' | 'laboratory' | 'survey';

/** One measured or observed fact. `code` is LOINC unless `system` says otherwise; `unit` is UCUM. */
export interface Observation {
	readonly id: ObservationId;
	readonly patient: PatientId;
	readonly category: ObservationCategory;
	readonly code: string;
	readonly system: string;
	readonly display: string;
	readonly value: number | null;
	readonly text: string | null;
	readonly unit: string | null;
	readonly low: number | null;
	readonly high: number | null;
	readonly flag: 'L' | 'H' | 'LL' | 'HH' | null;
	/** when it was true of the patient; `recordedAt` is when somebody typed it */
	readonly at: number;
	readonly recordedAt: number;
	readonly recordedBy: string;
	/** `bedside`, `laboratory` or the name of the import */
	readonly source: string;
}

const valueSchema = z.strictObject({
	code: z.string().trim().min(1).max(40),
	value: z.number().nullable().default(null),
	text: z.string().trim().max(60).nullable().default(null),
	unit: z.string().trim().max(20).nullable().default(null)
});
/** One set taken together: it is judged, stored and scored together. */
export const recordObservationsSchema = z.strictObject({
	patient: patientIdSchema,
	at: z.int().nullable().default(null),
	values: z.array(valueSchema).min(1).max(20)
});
export interface RecordObservations extends z.output<typeof recordObservationsSchema> {}

export interface ObservationsRecorded {
	readonly type: 'clinical-record.observation.recorded';
	readonly patient: PatientId;
	readonly wards: readonly WardId[];
	readonly at: number;
	readonly observations: readonly {
		readonly id: ObservationId;
		readonly category: ObservationCategory;
		readonly code: string;
		readonly display: string;
		readonly value: number | null;
		readonly text: string | null;
		readonly unit: string | null;
		readonly low: number | null;
		readonly high: number | null;
		readonly flag: Observation['flag'];
	}[];
}

/** What a value must be to be believed; beyond it is a slip of the finger. The reference interval only colours. */
export interface Item {
	readonly code: string;
	readonly zh: string;
	readonly en: string;
	readonly category: ObservationCategory;
	readonly unit: string | null;
	readonly min: number;
	readonly max: number;
	readonly low: number | null;
	readonly high: number | null;
	readonly criticalLow?: number;
	readonly criticalHigh?: number;
	readonly texts?: readonly string[];
}

const vital = (code: string, zh: string, en: string, unit: string | null, min: number, max: number, low: number | null, high: number | null): Item => ({
	code,
	zh,
	en,
	category: 'vital-signs',
	unit,
	min,
	max,
	low,
	high
});
const lab = (
	code: string,
	zh: string,
	en: string,
	unit: string,
	max: number,
	low: number,
	high: number,
	critical: { readonly criticalLow?: number; readonly criticalHigh?: number } = {}
): Item => ({ code, zh, en, category: 'laboratory', unit, min: 0, max, low, high, ...critical });

/** LOINC codes; this material contains content from LOINC (http://loinc.org), see NOTICE. */
export const ITEMS = {
	temperature: vital('8310-5', '体温', 'Temperature', 'Cel', 30, 45, 36, 37.2),
	pulse: vital('8867-4', '脉搏', 'Pulse', '/min', 20, 250, 60, 100),
	respiration: vital('9279-1', '呼吸', 'Respiration', '/min', 4, 60, 12, 20),
	systolic: vital('8480-6', '收缩压', 'Systolic', 'mm[Hg]', 40, 280, 90, 139),
	diastolic: vital('8462-4', '舒张压', 'Diastolic', 'mm[Hg]', 20, 180, 60, 89),
	spo2: vital('59408-5', '血氧饱和度', 'SpO2', '%', 50, 100, 95, 100),
	oxygen: vital('3151-8', '吸氧流量', 'Oxygen flow', 'L/min', 0, 60, null, null),
	spo2Scale: { ...vital('news2-spo2-scale', 'SpO2 量表', 'SpO2 scale', null, 1, 2, null, null), category: 'survey' },
	consciousness: { ...vital('67775-7', '意识', 'Consciousness', null, 0, 0, null, null), texts: ['A', 'C', 'V', 'P', 'U'] },
	weight: vital('29463-7', '体重', 'Weight', 'kg', 1, 350, null, null),
	wbc: lab('6690-2', '白细胞', 'WBC', '10*9/L', 400, 3.5, 9.5, { criticalLow: 1.5, criticalHigh: 30 }),
	neutrophils: lab('751-8', '中性粒细胞', 'Neutrophils', '10*9/L', 200, 1.8, 6.3, { criticalLow: 0.5 }),
	haemoglobin: lab('718-7', '血红蛋白', 'Haemoglobin', 'g/L', 260, 115, 175, { criticalLow: 50, criticalHigh: 200 }),
	potassium: lab('2823-3', '钾', 'Potassium', 'mmol/L', 12, 3.5, 5.3, { criticalLow: 2.8, criticalHigh: 6.2 }),
	sodium: lab('2951-2', '钠', 'Sodium', 'mmol/L', 220, 137, 147, { criticalLow: 120, criticalHigh: 160 }),
	lithium: lab('14334-7', '锂', 'Lithium', 'mmol/L', 10, 0.6, 1.2, { criticalHigh: 1.5 }),
	tsh: lab('3016-3', '促甲状腺激素', 'TSH', 'm[IU]/L', 150, 0.27, 4.2),
	creatinine: lab('14682-9', '肌酐', 'Creatinine', 'umol/L', 2000, 41, 97, { criticalHigh: 650 }),
	glucose: lab('14749-6', '葡萄糖', 'Glucose', 'mmol/L', 80, 3.9, 6.1, { criticalLow: 2.5, criticalHigh: 22.2 }),
	alt: lab('1742-6', '丙氨酸氨基转移酶', 'ALT', 'U/L', 10_000, 7, 50)
} as const satisfies Record<string, Item>;
export type ItemKey = keyof typeof ITEMS;
const byCode = new Map<string, Item>(Object.values(ITEMS).map((item) => [item.code, item]));
export const itemOf = (code: string): Item | undefined => byCode.get(code);

export function flagOf(item: Pick<Item, 'low' | 'high' | 'criticalLow' | 'criticalHigh'>, value: number): Observation['flag'] {
	if (item.criticalLow !== undefined && value < item.criticalLow) return 'LL';
	if (item.criticalHigh !== undefined && value > item.criticalHigh) return 'HH';
	if (item.low !== null && value < item.low) return 'L';
	return item.high !== null && value > item.high ? 'H' : null;
}
