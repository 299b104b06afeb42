import type { OrganizationId, UserId, WardId } from './id.ts';

export const ROLES = ['nurse', 'head-nurse', 'resident', 'attending', 'chief', 'pharmacist', 'radiologist', 'reviewing-radiologist', 'administrator'] as const;
export type Role = (typeof ROLES)[number];

/** Who acts: the signed-in person as every policy sees them. `wards` is the scope of work, '*' where the whole house is. */
export interface Actor {
	readonly user: UserId;
	readonly name: string;
	readonly role: Role;
	readonly organization: OrganizationId;
	readonly wards: readonly WardId[] | '*';
	readonly session: string;
	/** the browser the session began in, the same for all who sign in there; unset for programs and the server */
	readonly device?: string;
	/** epoch ms of the last proof of identity by password; signing asks for a fresh one */
	readonly steppedUpAt: number;
}

export const hasRole = (actor: Actor, ...roles: readonly Role[]): boolean => roles.includes(actor.role);
export const worksIn = (actor: Actor, ward: WardId): boolean => actor.wards === '*' || actor.wards.includes(ward);
export const isDoctor = (actor: Actor): boolean => hasRole(actor, 'resident', 'attending', 'chief');
export const isNurse = (actor: Actor): boolean => hasRole(actor, 'nurse', 'head-nurse');
export const isRadiologist = (actor: Actor): boolean => hasRole(actor, 'radiologist', 'reviewing-radiologist');
