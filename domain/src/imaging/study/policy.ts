import { hasRole, isDoctor, isNurse, isRadiologist, worksIn, type Actor, type WardId } from '../../kernel/index.ts';

/** A radiologist reads for the whole house; a ward sees the pictures of the patients it has now. An unmatched study is nobody's but radiology's. */
export const maySeeStudy = (actor: Actor, ward: WardId | null): boolean =>
	isRadiologist(actor) || (ward !== null && (isDoctor(actor) || isNurse(actor)) && worksIn(actor, ward));
export const mayImport = (actor: Actor): boolean => isRadiologist(actor) || hasRole(actor, 'administrator');
export const mayMatch = (actor: Actor): boolean => isRadiologist(actor);
export const mayConfirmIdentity = (actor: Actor): boolean => hasRole(actor, 'reviewing-radiologist');
/** draws and measures in a shared reading; a nurse looks on */
export const mayRead = (actor: Actor, ward: WardId | null): boolean => maySeeStudy(actor, ward) && (isRadiologist(actor) || isDoctor(actor));
/** 书写 */
export const mayReport = (actor: Actor): boolean => isRadiologist(actor);
/** 审核 */
export const mayReview = (actor: Actor): boolean => hasRole(actor, 'reviewing-radiologist');
