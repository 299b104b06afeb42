/**
 * Whose picture is it? The identity in the image's own header stands beside the chart's, field by field.
 * A name alone never matches: 王伟 is the name of some 300,000 people.
 */
export type ImageSex = 'male' | 'female' | 'other';

/** What the modality wrote into the file, decoded but otherwise untouched. */
export interface HeaderIdentity {
	/** PatientID (0010,0020) */
	readonly patientId: string | null;
	readonly name: string | null;
	/** `YYYY-MM-DD` */
	readonly birthDate: string | null;
	readonly sex: ImageSex | null;
	/** the bytes of the name do not fit the character set the file declares: show the name with a warning */
	readonly doubtfulText: boolean;
}

export interface ChartIdentity {
	readonly mrn: string;
	readonly name: string;
	readonly birthDate: string | null;
	readonly sex: string | null;
}

export const IDENTITY_FIELDS = ['patient-id', 'birth-date', 'sex', 'name'] as const;
export type IdentityField = (typeof IDENTITY_FIELDS)[number];

/** agrees: id, birth date and sex present and equal · incomplete: nothing differs, something is absent · differs: at least one field contradicts */
export interface IdentityComparison {
	readonly verdict: 'agrees' | 'incomplete' | 'differs';
	readonly differs: readonly IdentityField[];
	readonly absent: readonly IdentityField[];
}

const han = /\p{Script=Han}/u;
const bare = (name: string): string => name.replace(/[\s^=·]/g, '');

/** Names are compared only in the same script: WANG^WEI against 王伟 says nothing either way. */
function namesDiffer(header: HeaderIdentity, chart: ChartIdentity): boolean {
	if (header.name === null || header.doubtfulText) return false;
	if (han.test(header.name) !== han.test(chart.name)) return false;
	return bare(header.name).toLowerCase() !== bare(chart.name).toLowerCase();
}

export function compareIdentity(header: HeaderIdentity, chart: ChartIdentity): IdentityComparison {
	const differs: IdentityField[] = [];
	const absent: IdentityField[] = [];
	const compare = (field: IdentityField, ours: string | null, theirs: string | null) => {
		if (ours === null || theirs === null) absent.push(field);
		else if (ours !== theirs) differs.push(field);
	};
	compare('patient-id', chart.mrn, header.patientId);
	compare('birth-date', chart.birthDate, header.birthDate);
	compare('sex', chart.sex === 'male' || chart.sex === 'female' || chart.sex === 'other' ? chart.sex : null, header.sex);
	if (header.name === null) absent.push('name');
	else if (namesDiffer(header, chart)) differs.push('name');
	const decisive = absent.some((field) => field !== 'name');
	return { verdict: differs.length > 0 ? 'differs' : decisive ? 'incomplete' : 'agrees', differs, absent };
}
