// Generated from the folders by `npm run registries`. Do not edit.
import type { Served } from './kernel/server/module.ts';
import { served as organizationOrganization } from './organization/organization/server/index.ts';
import { served as organizationWard } from './organization/ward/server/index.ts';
import { served as patientRegistry } from './patient/registry/server/index.ts';
import { served as clinicalRecordAllergy } from './clinical-record/allergy/server/index.ts';
import { served as clinicalRecordCondition } from './clinical-record/condition/server/index.ts';
import { served as clinicalRecordEncounter } from './clinical-record/encounter/server/index.ts';
import { served as clinicalRecordMedication } from './clinical-record/medication/server/index.ts';
import { served as clinicalRecordObservation } from './clinical-record/observation/server/index.ts';
import { served as identityAccessAccount } from './identity-access/account/server/index.ts';
import { served as identityAccessSession } from './identity-access/session/server/index.ts';
import { served as nursingLevel } from './nursing/level/server/index.ts';
import { served as nursingRisk } from './nursing/risk/server/index.ts';
import { served as inpatientStay } from './inpatient/stay/server/index.ts';
import { served as inpatientBedAssignment } from './inpatient/bed-assignment/server/index.ts';
import { served as inpatientExtraBed } from './inpatient/extra-bed/server/index.ts';
import { served as inpatientWardTransfer } from './inpatient/ward-transfer/server/index.ts';
import { served as inpatientWardBoard } from './inpatient/ward-board/server/index.ts';
import { served as terminologyCodeSystem } from './terminology/code-system/server/index.ts';
import { served as clinicalDocumentNote } from './clinical-document/note/server/index.ts';
import { served as imagingStudy } from './imaging/study/server/index.ts';
import { served as imagingReading } from './imaging/reading/server/index.ts';
import { served as imagingReport } from './imaging/report/server/index.ts';
import { served as interoperabilityFhirImport } from './interoperability/fhir-import/server/index.ts';
import { served as operationsQuarantine } from './operations/quarantine/server/index.ts';
import { served as operationsWatch } from './operations/watch/server/index.ts';

/** Every module's share of the servers, lower contexts first: the order of migrations and of demo data. */
export const registry: readonly Served[] = [
	organizationOrganization,
	organizationWard,
	patientRegistry,
	clinicalRecordAllergy,
	clinicalRecordCondition,
	clinicalRecordEncounter,
	clinicalRecordMedication,
	clinicalRecordObservation,
	identityAccessAccount,
	identityAccessSession,
	nursingLevel,
	nursingRisk,
	inpatientStay,
	inpatientBedAssignment,
	inpatientExtraBed,
	inpatientWardTransfer,
	inpatientWardBoard,
	terminologyCodeSystem,
	clinicalDocumentNote,
	imagingStudy,
	imagingReading,
	imagingReport,
	interoperabilityFhirImport,
	operationsQuarantine,
	operationsWatch
];
