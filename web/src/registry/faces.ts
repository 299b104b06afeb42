// Generated from the folders by `npm run registries`. Do not edit.
import type { Face } from '@tongping/domain/kernel';
import identityAccessSession from '@tongping/domain/identity-access/session/face';
import terminologyCodeSystem from '@tongping/domain/terminology/code-system/face';
import { imagingStudyFace as imagingStudy } from '@tongping/domain/imaging/study/face';
import interoperabilityFhirImport from '@tongping/domain/interoperability/fhir-import/face';

export const faces: readonly Face[] = [identityAccessSession, terminologyCodeSystem, imagingStudy, interoperabilityFhirImport];
