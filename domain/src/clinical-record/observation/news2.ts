/**
 * National Early Warning Score 2. Source: Royal College of Physicians, NEWS2, London 2017 (chart 1 and 2), reproduced unmodified.
 * Not valid under 16 years of age nor in pregnancy.
 */
export interface Vitals {
	/** /min */
	readonly respiration: number;
	/** % */
	readonly spo2: number;
	/** 2 only by a doctor's decision in hypercapnic failure: its target is 88-92 % */
	readonly spo2Scale: 1 | 2;
	readonly onOxygen: boolean;
	/** mm[Hg] */
	readonly systolic: number;
	/** /min */
	readonly pulse: number;
	/** Alert, new Confusion, Voice, Pain, Unresponsive */
	readonly consciousness: 'A' | 'C' | 'V' | 'P' | 'U';
	/** Cel */
	readonly temperature: number;
}
export type Points = 0 | 1 | 2 | 3;
export type News2Risk = 'low' | 'low-medium' | 'medium' | 'high';
export interface News2Score {
	readonly total: number;
	readonly risk: News2Risk;
	readonly parts: {
		readonly respiration: Points;
		readonly spo2: Points;
		readonly oxygen: Points;
		readonly systolic: Points;
		readonly pulse: Points;
		readonly consciousness: Points;
		readonly temperature: Points;
	};
}

const respirationPoints = (v: number): Points => (v <= 8 ? 3 : v <= 11 ? 1 : v <= 20 ? 0 : v <= 24 ? 2 : 3);
const systolicPoints = (v: number): Points => (v <= 90 ? 3 : v <= 100 ? 2 : v <= 110 ? 1 : v <= 219 ? 0 : 3);
const pulsePoints = (v: number): Points => (v <= 40 ? 3 : v <= 50 ? 1 : v <= 90 ? 0 : v <= 110 ? 1 : v <= 130 ? 2 : 3);
const temperaturePoints = (v: number): Points => (v <= 35 ? 3 : v <= 36 ? 1 : v <= 38 ? 0 : v <= 39 ? 1 : 2);
const scale1Points = (v: number): Points => (v <= 91 ? 3 : v <= 93 ? 2 : v <= 95 ? 1 : 0);
// On scale 2 a high saturation is a danger only while oxygen is given: on air it is the patient's own doing.
function scale2Points(v: number, onOxygen: boolean): Points {
	if (v <= 83) return 3;
	if (v <= 85) return 2;
	if (v <= 87) return 1;
	if (v <= 92 || !onOxygen) return 0;
	return v <= 94 ? 1 : v <= 96 ? 2 : 3;
}

export function news2(vitals: Vitals): News2Score {
	const parts = {
		respiration: respirationPoints(vitals.respiration),
		spo2: vitals.spo2Scale === 1 ? scale1Points(vitals.spo2) : scale2Points(vitals.spo2, vitals.onOxygen),
		oxygen: vitals.onOxygen ? 2 : 0,
		systolic: systolicPoints(vitals.systolic),
		pulse: pulsePoints(vitals.pulse),
		consciousness: vitals.consciousness === 'A' ? 0 : 3,
		temperature: temperaturePoints(Math.round(vitals.temperature * 10) / 10)
	} as const;
	const points = Object.values(parts);
	const total = points.reduce<number>((sum, value) => sum + value, 0);
	const risk: News2Risk = total >= 7 ? 'high' : total >= 5 ? 'medium' : points.includes(3) ? 'low-medium' : 'low';
	return { total, risk, parts };
}

const HOUR = 3_600_000;
/** The longest time to the next set of vital signs (NEWS2 chart 4): 12 h, 4-6 h, 1 h, continuous (shown as 30 min). */
export function news2IntervalMs(score: Pick<News2Score, 'total' | 'risk'>): number {
	if (score.risk === 'high') return HOUR / 2;
	if (score.risk === 'medium' || score.risk === 'low-medium') return HOUR;
	return score.total === 0 ? 12 * HOUR : 6 * HOUR;
}
