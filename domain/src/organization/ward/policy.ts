import { hasRole, isDoctor, isNurse, worksIn, type Actor, type WardId } from '../../kernel/index.ts';

/** The board of a ward is for those who treat, nurse or dispense there. An administrator runs the house without reading its patients. */
export const maySeeWard = (actor: Actor, ward: WardId): boolean => worksIn(actor, ward) && (isDoctor(actor) || isNurse(actor) || hasRole(actor, 'pharmacist'));
export const mayMovePatientsIn = (actor: Actor, ward: WardId): boolean => worksIn(actor, ward) && (isDoctor(actor) || isNurse(actor));
export const mayKeepBedsOf = (actor: Actor, ward: WardId): boolean => worksIn(actor, ward) && isNurse(actor);
/** More beds than the ward is made for are the head nurse's to answer for, or the administrator's of the ward. */
export const mayAddBedsTo = (actor: Actor, ward: WardId): boolean => worksIn(actor, ward) && hasRole(actor, 'head-nurse', 'administrator');
