import { hasRole, type Actor } from '../../kernel/index.ts';

/** Bringing records of other houses in is an administrator's work; reading them afterwards is not. */
export const mayImportRecords = (actor: Actor): boolean => hasRole(actor, 'administrator');
