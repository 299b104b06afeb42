// Generated from the folders by `npm run registries`. Do not edit.
import type { RefusalFacts } from '@tongping/domain/kernel';

type Sentence = (facts: RefusalFacts) => string;
/** What a refusal says to the person who meets it, by its code. */
export const refusals: Readonly<Record<'zh-CN' | 'en', Readonly<Record<string, Sentence>>>> = { 'zh-CN': {}, en: {} };
