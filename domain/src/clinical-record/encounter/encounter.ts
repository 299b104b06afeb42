import type { Id, PatientId } from '../../kernel/index.ts';

export type EncounterId = Id<'encounter'>;
/** A visit that happened elsewhere or earlier, as it came with an import. Stays of this hospital are kept by the inpatient context. */
export interface Encounter {
	readonly id: EncounterId;
	readonly patient: PatientId;
	/** FHIR v3-ActCode: AMB, EMER, IMP, VR ... */
	readonly class: string;
	readonly display: string;
	readonly startedAt: number;
	readonly endedAt: number | null;
	readonly place: string | null;
	readonly source: string;
}
