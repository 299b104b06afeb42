import { hasRole, type Actor } from '../../kernel/index.ts';

/** Who may work here, and as what, is decided by those who answer for the house's accounts. */
export const mayManageAccounts = (actor: Actor): boolean => hasRole(actor, 'administrator');
