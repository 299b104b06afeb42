import { isDoctor, isNurse, worksIn, type Actor, type WardId } from '../../kernel/index.ts';
import type { AdmitState, StayState } from './stay.ts';

/** Doctors and nurses take patients into the wards they work in. */
export const mayAdmitTo = (actor: Actor, ward: WardId): boolean => worksIn(actor, ward) && (isDoctor(actor) || isNurse(actor));
export const mayAdmit = (actor: Actor, state: AdmitState): boolean => state.ward !== null && mayAdmitTo(actor, state.ward.id);
/** Doctors of the ward say who may go and who is gravely ill. */
export const mayDecideOnStay = (actor: Actor, state: StayState): boolean => state.stay !== null && worksIn(actor, state.stay.ward) && isDoctor(actor);
export const mayHandleStay = (actor: Actor, state: StayState): boolean =>
	state.stay !== null && worksIn(actor, state.stay.ward) && (isDoctor(actor) || isNurse(actor));
