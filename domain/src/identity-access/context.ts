/** Who people are and what they may touch: accounts, sessions, proofs of identity. */
export const context = { id: 'identity-access', dependsOn: ['organization'] } as const;
