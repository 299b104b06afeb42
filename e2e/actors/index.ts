export { arrive, origin, password, PEOPLE, signIn, token, type Account, type Actor } from './sign-in.ts';
export { send, type Answer } from './command.ts';
