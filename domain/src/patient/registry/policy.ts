import { hasRole, isDoctor, isNurse, isRadiologist, worksIn, type Actor, type WardId } from '../../kernel/index.ts';

/** Where a patient is cared for now, or was until lately. An empty list: known to the house, in no ward (an outpatient, an imported record). */
export interface Care {
	readonly wards: readonly WardId[];
	/** of those: wards that only expect the patient. They read, to prepare; they record nothing yet. */
	readonly announced?: readonly WardId[];
	/** doctors of other wards who were asked for an opinion. They read as long as it is wanted; they record nothing outside their own part. */
	readonly asked?: readonly string[];
}

/** Those who care for the patient, by ward or by calling; an administrator never does. */
function mayCare(actor: Actor, care: Care): boolean {
	if (isRadiologist(actor)) return true;
	if (!isDoctor(actor) && !isNurse(actor) && !hasRole(actor, 'pharmacist')) return false;
	if (care.wards.length === 0) return isDoctor(actor) || hasRole(actor, 'pharmacist');
	return care.wards.some((ward) => worksIn(actor, ward));
}

/** A consultant reads the chart of the patient they were asked about, and of nobody else in that ward. */
const isAsked = (actor: Actor, care: Care): boolean => isDoctor(actor) && care.asked?.includes(actor.user) === true;
/** Those who care for the patient read the chart, and so does the doctor they ask. */
export const mayReadChart = (actor: Actor, care: Care): boolean => mayCare(actor, care) || isAsked(actor, care);
/** Reads because of a question only: a guest in the ward. */
export const readsAsGuest = (actor: Actor, care: Care): boolean => isAsked(actor, care) && !mayCare(actor, care);

export const mayRecordFor = (actor: Actor, care: Care): boolean =>
	(isDoctor(actor) || isNurse(actor)) &&
	(care.wards.length === 0 ? isDoctor(actor) : care.wards.some((ward) => worksIn(actor, ward) && care.announced?.includes(ward) !== true));
export const mayDiagnose = (actor: Actor, care: Care): boolean => isDoctor(actor) && mayRecordFor(actor, care);
export const mayRegisterPatients = (actor: Actor): boolean => isDoctor(actor) || isNurse(actor);

/** Two records are joined or taken apart by those who care for both. */
export const mayLinkPatients = (actor: Actor, ...cares: readonly Care[]): boolean =>
	hasRole(actor, 'head-nurse', 'attending', 'chief') && cares.every((care) => mayCare(actor, care));
