import { hasRole, isDoctor, isNurse, isRadiologist, type Actor } from '../../kernel/index.ts';
import { mayReadChart, type Care } from '../../patient/index.ts';

/** A radiologist reads for the whole house; a ward sees the pictures of those it cares for. An unmatched study (`null`) is nobody's but radiology's. */
export const maySeeStudy = (actor: Actor, care: Care | null): boolean =>
	isRadiologist(actor) || (care !== null && (isDoctor(actor) || isNurse(actor)) && mayReadChart(actor, care));
/** the list itself: its lines are those of the studies one may see */
export const mayListStudies = (actor: Actor): boolean => isRadiologist(actor) || isDoctor(actor) || isNurse(actor);
export const mayImport = (actor: Actor): boolean => isRadiologist(actor) || hasRole(actor, 'administrator');
export const mayMatch = (actor: Actor): boolean => isRadiologist(actor);
export const mayConfirmIdentity = (actor: Actor): boolean => hasRole(actor, 'reviewing-radiologist');
/** draws and measures in a shared reading; a nurse looks on */
export const mayDraw = (actor: Actor, care: Care | null): boolean => maySeeStudy(actor, care) && (isRadiologist(actor) || isDoctor(actor));
/** 书写 */
export const mayReport = (actor: Actor): boolean => isRadiologist(actor);
/** 审核 */
export const mayReview = (actor: Actor): boolean => hasRole(actor, 'reviewing-radiologist');
