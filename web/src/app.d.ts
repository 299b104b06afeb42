import type { Place } from '@tongping/domain/identity-access';
import type { Actor, OrganizationId, UserId } from '@tongping/domain/kernel';

declare global {
	namespace App {
		interface Locals {
			actor: Actor | null;
			/** why there is no actor: shown on the sign-in page */
			session: 'in' | 'absent' | 'expired' | 'locked' | 'must-change';
			/** where the workstation of the session stands */
			place: Place | null;
			/** somebody whose password another person set: may change it and nothing else */
			mustChange: Actor | null;
			/** a session that waits for its password: another sign-in or a sign-out ends it too */
			lockedSession: { session: string; user: UserId; organization: OrganizationId } | null;
			token: string | null;
			locale: 'zh-CN' | 'en';
			theme: 'light' | 'dark';
		}
		interface Error {
			message: string;
			code?: string;
		}
	}
}

export {};
