import type { PatientId } from '@tongping/domain/kernel';

export interface Candidate {
	readonly patient: PatientId;
	readonly mrn: string;
	readonly name: string;
	readonly birthDate: string | null;
	readonly sex: string;
}

/** Charts that fit some words; null when the server did not answer. Sent as a body: what is searched never stands in an address. */
export async function findCandidates(text: string): Promise<readonly Candidate[] | null> {
	try {
		const response = await fetch('/imaging/candidates', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ text }) });
		if (!response.ok) return null;
		const answer: unknown = await response.json();
		return typeof answer === 'object' && answer !== null && 'candidates' in answer && Array.isArray(answer.candidates)
			? (answer.candidates as Candidate[])
			: null;
	} catch {
		return null;
	}
}
