import { ok, refuse, type Facts, type Refusal, type Result } from '../../kernel/index.ts';
import type { PatientInCare } from '../../patient/index.ts';
import { flagOf, itemOf, type ObservationId, type ObservationsRecorded, type RecordObservations } from './observation.ts';

const CLOCK_SLACK_MS = 60_000;

/** All of the set or nothing: half a set of vital signs would be scored as if it were whole. */
export function decideRecord(state: PatientInCare, input: RecordObservations, facts: Facts): Result<readonly ObservationsRecorded[], Refusal> {
	const at = input.at ?? facts.now;
	if (at > facts.now + CLOCK_SLACK_MS) return refuse('time-in-future', { at });
	const observations: ObservationsRecorded['observations'][number][] = [];
	for (const { code, value, text, unit } of input.values) {
		const item = itemOf(code);
		if (item === undefined) return refuse('item-unknown', { code });
		if (observations.some((other) => other.code === code)) return refuse('item-twice', { item: item.zh, itemEn: item.en });
		const common = { id: facts.newId() as ObservationId, category: item.category, code, display: item.zh };
		if (item.texts !== undefined) {
			if (text === null || !item.texts.includes(text)) return refuse('answer-not-listed', { item: item.zh, itemEn: item.en, answers: item.texts.join(' ') });
			observations.push({ ...common, value: null, text, unit: null, low: null, high: null, flag: null });
			continue;
		}
		if (value === null) return refuse('value-missing', { item: item.zh, itemEn: item.en });
		if (unit !== item.unit) return refuse('unit-not-understood', { item: item.zh, itemEn: item.en, unit, expected: item.unit });
		if (value < item.min || value > item.max)
			return refuse('value-out-of-range', { item: item.zh, itemEn: item.en, value, low: item.min, high: item.max, unit: item.unit });
		observations.push({ ...common, value, text: null, unit, low: item.low, high: item.high, flag: flagOf(item, value) });
	}
	return ok([{ type: 'clinical-record.observation.recorded', patient: input.patient, wards: state.care.wards, at, observations }]);
}
