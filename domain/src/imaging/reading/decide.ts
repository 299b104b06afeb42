import { ok, refuse, type Facts, type Refusal, type Result } from '../../kernel/index.ts';
import { measureLength } from './geometry.ts';
import type { AcceptMeasurement, ReadingEvent, ReadingState, WithdrawMeasurement } from './reading.ts';

type Decided = Result<readonly ReadingEvent[], Refusal>;
const tenth = (value: number): number => Math.round(value * 10) / 10;

export function decideAccept(state: ReadingState | null, input: AcceptMeasurement, facts: Facts): Decided {
	if (state === null || state.patient === null) return refuse('study-unmatched');
	if (state.reportStatus === 'reviewed') return refuse('report-sealed');
	if (state.taken) return refuse('measurement-id-taken');
	if (state.existing !== null) return state.existing.withdrawn ? refuse('measurement-withdrawn') : ok([]);
	if (state.image === null || input.image.frame > state.image.frames) return refuse('foreign-image');
	const measured = measureLength(state.image.header, input.image.frame, input.space, input.points);
	if (!measured.ok) return refuse(measured.code);
	// Two clicks on one spot are a slip of the hand, not a finding.
	if (tenth(measured.valueMm) <= 0) return refuse('measurement-empty');
	const { study, reading, report, patient } = state;
	return ok([
		{
			type: 'imaging.reading.measurement-accepted',
			patient,
			study,
			reading,
			report,
			measurement: {
				measurement: input.measurement,
				kind: 'length',
				sopUid: input.image.sopUid,
				frame: input.image.frame,
				points: measured.pixels,
				value: tenth(measured.valueMm),
				unit: 'mm',
				label: input.label,
				calibration: measured.calibration.source,
				by: facts.actor.user,
				byName: facts.actor.name,
				at: facts.now,
				withdrawn: false
			}
		}
	]);
}

export function decideWithdraw(state: ReadingState | null, input: WithdrawMeasurement): Decided {
	if (state === null || state.patient === null) return refuse('study-unmatched');
	if (state.existing === null) return refuse('measurement-unknown');
	if (state.existing.withdrawn) return ok([]);
	if (state.signedIn !== null) return refuse('measurement-signed', { version: state.signedIn });
	const { study, reading, report, patient } = state;
	return ok([{ type: 'imaging.reading.measurement-withdrawn', patient, study, reading, report, measurement: input.measurement, reason: input.reason }]);
}
