import { ok, refuse, type Facts, type Refusal, type Result } from '../../kernel/index.ts';
import { hashOf } from './content.ts';
import type { AddAddendum, ReportEvent, ReportState, ReturnReport, ReviewReport, SubmitReport } from './report.ts';

type Decided = Result<readonly ReportEvent[], Refusal>;

/** Nobody reports on a picture whose person is in doubt. */
export function reportBlocked(state: Pick<ReportState, 'patient' | 'identity'>): 'study-unmatched' | 'identity-mismatch' | null {
	if (state.patient === null || state.identity === null) return 'study-unmatched';
	return state.identity === 'differs' ? 'identity-mismatch' : null;
}

/** What must hold for any signature: the right person, words in both sections, every quoted measurement valid, and the very text the signer read. */
function signable(state: ReportState, hash: string): Result<null, Refusal> {
	const blocked = reportBlocked(state);
	if (blocked !== null) return refuse(blocked);
	if (state.empty) return refuse('report-empty');
	if (state.missing.length > 0) return refuse('measurement-missing', { count: state.missing.length });
	return hash === state.hash ? ok(null) : refuse('text-changed');
}

export function decideSubmit(state: ReportState | null, input: SubmitReport): Decided {
	if (state === null || state.patient === null) return refuse('study-unmatched');
	if (state.status.kind !== 'draft') return refuse('report-submitted-already', { at: state.status.at });
	const may = signable(state, input.hash);
	if (!may.ok) return may;
	const { patient, study, reading, report } = state;
	return ok([
		{ type: 'imaging.report.submitted', patient, study, reading, report, version: state.lastVersion + 1, hash: state.hash, previous: state.lastHash }
	]);
}

export function decideReview(state: ReportState | null, input: ReviewReport, facts: Facts): Decided {
	if (state === null || state.patient === null) return refuse('study-unmatched');
	if (state.status.kind === 'draft') return refuse('report-not-submitted');
	if (state.status.kind === 'reviewed') return refuse('report-sealed', { at: state.status.at });
	// 书写 and 审核 are two people: the second pair of eyes is the point of the signature.
	if (state.status.author === facts.actor.user) return refuse('same-person');
	const may = signable(state, input.hash);
	if (!may.ok) return may;
	const { patient, study, reading, report } = state;
	return ok([
		{
			type: 'imaging.report.reviewed',
			patient,
			study,
			reading,
			report,
			version: state.lastVersion + 1,
			hash: state.hash,
			previous: state.lastHash,
			changed: state.hash !== state.lastHash
		}
	]);
}

export function decideReturn(state: ReportState | null, input: ReturnReport): Decided {
	if (state === null || state.patient === null) return refuse('study-unmatched');
	if (state.status.kind === 'reviewed') return refuse('report-sealed', { at: state.status.at });
	if (state.status.kind === 'draft') return refuse('report-not-submitted');
	const { patient, study, reading, report } = state;
	return ok([{ type: 'imaging.report.returned', patient, study, reading, report, reason: input.reason }]);
}

export function decideAddendum(state: ReportState | null, input: AddAddendum): Decided {
	if (state === null || state.patient === null) return refuse('study-unmatched');
	if (state.status.kind !== 'reviewed') return refuse('report-not-sealed');
	const { patient, study, reading, report } = state;
	const previous = state.lastHash;
	return ok([
		{
			type: 'imaging.report.addendum-signed',
			patient,
			study,
			reading,
			report,
			version: state.lastVersion + 1,
			hash: hashOf({ previous, text: input.text }),
			previous,
			text: input.text
		}
	]);
}
