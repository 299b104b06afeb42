import { hasRole, type Actor } from '../../kernel/index.ts';

/** Codes say nothing about any patient: whoever works here may look one up. */
export const mayLookUpCodes = (_actor: Actor): boolean => true;
export const mayImportCodes = (actor: Actor): boolean => hasRole(actor, 'administrator');
