import type { Actor } from '@tongping/domain/kernel';

declare global {
	namespace App {
		interface Locals {
			actor: Actor | null;
			/** why there is no actor: shown on the sign-in page */
			session: 'in' | 'absent' | 'expired' | 'locked';
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
