/* Short names for the shapes of openapi.json that pages use. */
import type { components } from "./types.ts";

type S = components["schemas"];

export type Session = S["Session"];
export type Driver = S["Driver"];
export type Build = S["Build"];
export type BuildRef = S["BuildRef"];
export type Report = S["Report"];
export type ReportKind = S["ReportKind"];
export type Machine = S["Machine"];
export type MachineDetail = S["MachineDetail"];
export type MachineStatus = S["MachineStatus"];
export type Run = S["Run"];
export type Finding = S["Finding"];
export type FindingDetail = S["FindingDetail"];
export type Occurrence = S["Occurrence"];
export type OccurrenceDetail = S["OccurrenceDetail"];
export type DumpReport = S["DumpReport"];
export type DumpRef = S["DumpRef"];
export type DecodedBugcheck = S["DecodedBugcheck"];
export type EnrollTokenCreated = S["EnrollTokenCreated"];
export type TokenCreated = S["TokenCreated"];
export type Rejected = S["Rejected"];
