import { ok, refuse, type Facts, type Refusal, type Result } from '../../kernel/index.ts';
import { compareIdentity, type IdentityField } from './identity.ts';
import type { ConfirmIdentity, MatchStudy, ReceiveStudy, StudyEvent, StudyState, UnmatchStudy } from './study.ts';

type Decided = Result<readonly StudyEvent[], Refusal>;
const unknown = (): Decided => refuse('study-unknown');
const same = (a: readonly IdentityField[], b: readonly IdentityField[]): boolean => a.length === b.length && a.every((field) => b.includes(field));

/** Only PatientID, birth date and sex together match without a person; anything less waits in the worklist. */
export function decideReceive(state: StudyState | null, _input: ReceiveStudy): Decided {
	if (state === null) return unknown();
	const { study, reading, report, series, instances, matching, candidate, header } = state;
	const received = {
		type: 'imaging.study.received',
		patient: matching.kind === 'matched' ? matching.patient : null,
		study,
		reading,
		report,
		series,
		instances
	} as const;
	if (matching.kind === 'matched' || candidate === null || compareIdentity(header, candidate).verdict !== 'agrees') return ok([received]);
	return ok([
		{ ...received, patient: candidate.patient },
		{ type: 'imaging.study.matched', patient: candidate.patient, study, reading, report, how: 'identifiers', identity: 'agrees' }
	]);
}

export function decideMatch(state: StudyState | null, input: MatchStudy): Decided {
	if (state === null) return unknown();
	if (state.chart === null) return refuse('patient-unknown');
	if (state.matching.kind === 'matched') {
		return state.matching.patient === input.patient ? ok([]) : refuse('study-matched-already', { by: state.matching.by, at: state.matching.at });
	}
	const { verdict, differs } = compareIdentity(state.header, state.chart);
	if (!same(differs, input.differences)) return refuse('identity-differs', { fields: differs.join(',') });
	const { study, reading, report } = state;
	return ok([{ type: 'imaging.study.matched', patient: input.patient, study, reading, report, how: 'person', identity: verdict }]);
}

export function decideUnmatch(state: StudyState | null, input: UnmatchStudy): Decided {
	if (state === null) return unknown();
	if (state.matching.kind === 'unmatched') return refuse('study-unmatched');
	// A signed report speaks of this person: it has to be returned or corrected by addendum first.
	if (state.reportStatus !== 'draft') return refuse('report-signed', { status: state.reportStatus });
	const { study, reading, report } = state;
	return ok([{ type: 'imaging.study.unmatched', patient: input.patient, study, reading, report, reason: input.reason }]);
}

export function decideConfirmIdentity(state: StudyState | null, input: ConfirmIdentity, _facts: Facts): Decided {
	if (state === null) return unknown();
	if (state.matching.kind === 'unmatched' || state.chart === null) return refuse('study-unmatched');
	const { differs } = compareIdentity(state.header, state.chart);
	if (differs.length === 0) return ok([]);
	if (!same(differs, input.differences)) return refuse('identity-differs', { fields: differs.join(',') });
	const { study, reading, report } = state;
	return ok([{ type: 'imaging.study.identity-confirmed', patient: input.patient, study, reading, report, reason: input.reason, differences: differs }]);
}
