/* Generated from server/api/openapi.json by `node types.mjs`; do not edit. */
export interface paths {
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The process runs */
        get: operations["healthz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Requests can be served: database there, migrations applied */
        get: operations["readyz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Figures for Prometheus */
        get: operations["metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document */
        get: operations["getOpenapi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is signed in */
        get: operations["getSession"];
        put?: never;
        /** Sign in */
        post: operations["signIn"];
        /** Sign out */
        delete: operations["signOut"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Change one's own password */
        post: operations["changePassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** People who can sign in */
        get: operations["listUsers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Projects */
        get: operations["listProjects"];
        put?: never;
        /** Make a project */
        post: operations["createProject"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/branches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Branches */
        get: operations["listBranches"];
        put?: never;
        /** Make a branch */
        post: operations["createBranch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/drivers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Drivers under test */
        get: operations["listDrivers"];
        put?: never;
        /** Make a driver */
        post: operations["createDriver"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/builds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Builds */
        get: operations["listBuilds"];
        put?: never;
        /**
         * Register a build
         * @description Safe to repeat: driver, branch and sequence identify a build. The same content again answers 200 with the same row, other content 409.
         */
        post: operations["createBuild"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/builds/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One build */
        get: operations["getBuild"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/builds/{id}/images": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Register driver images of a build
         * @description Safe to repeat. Occurrences without a build that carry one of the images become this build's.
         */
        post: operations["addImages"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/builds/{id}/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a build report page shows */
        get: operations["getReport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/machines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Machines */
        get: operations["listMachines"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/machines/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One machine */
        get: operations["getMachine"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Runs, newest first */
        get: operations["listRuns"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One run */
        get: operations["getRun"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/findings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Findings */
        get: operations["listFindings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/findings/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One finding */
        get: operations["getFinding"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/occurrences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Occurrences, newest first */
        get: operations["listOccurrences"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/occurrences/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One occurrence with its decoded dump */
        get: operations["getOccurrence"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/decode/bugcheck": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A bug check in words */
        get: operations["decodeBugcheck"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/decode/flags": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A Driver Verifier mask in words */
        get: operations["decodeFlags"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/catalog": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The catalogues */
        get: operations["getCatalog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/enroll": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Enrol an agent */
        post: operations["enroll"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/heartbeat": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** An agent is alive */
        post: operations["heartbeat"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ingest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A batch of records
         * @description One transaction stores the records and moves the stream's acknowledgement. first_seq beyond the acknowledged one plus one answers 409 sequence-gap with expected_seq.
         */
        post: operations["ingest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/import/crashes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A decoded dump of a crash
         * @description Safe to repeat: within a project the same SHA-256 is the same crash.
         */
        post: operations["importCrash"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dumps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Raw dumps, newest first */
        get: operations["listDumps"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dumps/{sha256}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download a raw dump
         * @description Written to the audit trail.
         */
        get: operations["downloadDump"];
        put?: never;
        post?: never;
        /** Delete the raw file; its row stays */
        delete: operations["deleteDump"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dumps/{sha256}/upload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How much of a dump is here */
        get: operations["getUpload"];
        /** Send a part of a dump */
        put: operations["putUpload"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dumps/{sha256}/decoded": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Replace the reading of a dump */
        put: operations["putDecoded"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What changed since a cursor */
        get: operations["listChanges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tokens */
        get: operations["listTokens"];
        put?: never;
        /** Make a token */
        post: operations["createToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke a token */
        delete: operations["revokeToken"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/enroll-tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Enrolment tokens */
        get: operations["listEnrollTokens"];
        put?: never;
        /** Make an enrolment token */
        post: operations["createEnrollToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/enroll-tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke an enrolment token */
        delete: operations["revokeEnrollToken"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who did what, newest first */
        get: operations["listAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rejected": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Records that could not be understood, newest first */
        get: operations["listRejected"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Identity of a row. Never reused. */
        Id: number;
        /**
         * @description 32 bits as 0x and eight lower-case digits.
         * @example 0x000000e6
         */
        Hex32: string;
        /**
         * @description 64 bits as 0x and sixteen lower-case digits.
         * @example 0x0000000000000003
         */
        Hex64: string;
        /**
         * @description Offset in its shortest form.
         * @example 0x334c
         */
        Offset: string;
        /**
         * Format: date-time
         * @description RFC 3339, UTC, microseconds.
         * @example 2026-11-21T20:41:02.123456Z
         */
        Time: string;
        /** @example 0192f0c1-6f1e-7a30-9c11-2b8a54f0d9e1 */
        Uuid: string;
        /** @description SHA-256 in lower-case hexadecimal. */
        Sha256: string;
        /** @description Random name of one lane of one start of an agent. */
        Stream: string;
        /** @description Opaque place in a list. Only valid for the list, order and filters that gave it. */
        Cursor: string;
        /** @description A name: no control characters, no blanks at its ends. */
        Name: string;
        /**
         * @description Short name of a project, used in addresses.
         * @example default
         */
        Slug: string;
        /**
         * @description What sort of defect a finding is.
         * @enum {string}
         */
        FindingKind: "bugcheck" | "dma" | "iommu" | "leak" | "object_leak" | "memory" | "rule" | "static" | "unexpected_restart" | "boot_loop" | "incident" | "kit_degraded";
        /**
         * @description What a person may do; each includes the ones before it.
         * @enum {string}
         */
        Role: "viewer" | "operator" | "administrator";
        /**
         * @description What a token may do.
         * @enum {string}
         */
        Scope: "read" | "import" | "operate" | "dumps" | "admin";
        /**
         * @description own: the culprit is the build's driver. loaded: the build's driver was loaded but is not the culprit. other: it was not seen in the list of loaded drivers. none: no build is known.
         * @enum {string}
         */
        OccurrenceRole: "own" | "loaded" | "other" | "none";
        /**
         * @description How the build of an occurrence was found.
         * @enum {string}
         */
        Attribution: "explicit" | "run" | "image" | "none";
        /**
         * @description What told about the bug check.
         * @enum {string}
         */
        Source: "dump" | "eventlog" | "both";
        /**
         * @description What people decided about a finding.
         * @enum {string}
         */
        Triage: "untriaged" | "confirmed" | "fix_proposed" | "fix_in_build" | "false_positive" | "wont_fix";
        /**
         * @description The critical lane is never dropped and is sent first.
         * @enum {string}
         */
        Lane: "critical" | "bulk";
        /**
         * @description How a boot ended.
         * @enum {string}
         */
        EndKind: "clean" | "bugcheck" | "unexpected" | "power_loss" | "unknown";
        /**
         * @description Processor architecture.
         * @enum {string}
         */
        Arch: "x64" | "arm64" | "x86";
        /**
         * @description RFC 9457 problem document.
         * @example {
         *       "type": "/problems/invalid",
         *       "title": "Unprocessable content",
         *       "status": 422,
         *       "detail": "seq must be an integer from 1",
         *       "field": "seq",
         *       "request_id": "5f0c9d1e2a3b4c5d"
         *     }
         */
        Problem: {
            /** @description about:blank, or /problems/ and the name of the problem. */
            type: string;
            /** @description The same words for every case of one type. */
            title: string;
            status: number;
            /** @description What happened and, where there is something to do, what to do next. */
            detail: string;
            /** @description The member, header or query parameter that is refused. */
            field?: string;
            /** @description The same as in the server's log. */
            request_id: string;
            /** @description With sequence-gap: the sequence number that the server waits for. */
            expected_seq?: number;
            /** @description With an upload conflict: bytes that the server holds. */
            received?: number;
            /** @description With clock-skew: the server's clock. */
            server_time?: components["schemas"]["Time"];
        };
        MachineRef: {
            id: components["schemas"]["Id"];
            name: components["schemas"]["Name"];
        };
        DriverRef: {
            id: components["schemas"]["Id"];
            name: components["schemas"]["Name"];
        };
        /**
         * @example {
         *       "id": 12,
         *       "driver": "netx.sys",
         *       "branch": "main",
         *       "seq": 7,
         *       "label": "10.4.7"
         *     }
         */
        BuildRef: {
            id: components["schemas"]["Id"];
            driver: components["schemas"]["Name"];
            branch: components["schemas"]["Name"];
            /** @description Position on its branch: the only order of builds. */
            seq: number;
            label: components["schemas"]["Name"] | null;
        };
        RunRef: {
            id: components["schemas"]["Id"];
            external_id: components["schemas"]["Name"];
        };
        /**
         * @example {
         *       "user": {
         *         "id": 1,
         *         "name": "admin",
         *         "role": "administrator",
         *         "must_change_password": false
         *       },
         *       "csrf": "ffffffffffffffffffffffffffffffff",
         *       "server": {
         *         "version": "0.1.0",
         *         "public_url": "http://localhost:8080"
         *       },
         *       "setup": {
         *         "builds": 1,
         *         "machines": 2,
         *         "findings": 1
         *       }
         *     }
         */
        Session: {
            user: {
                id: components["schemas"]["Id"];
                name: components["schemas"]["Name"];
                role: components["schemas"]["Role"];
                /** @description Every other route answers 403 until the password is changed. */
                must_change_password: boolean;
            };
            /** @description Sent back as X-CSRF-Token with every unsafe request. */
            csrf: string;
            server: {
                version: string;
                /** Format: uri */
                public_url: string;
            };
            /** @description How far the first steps are: what the first-run page needs. */
            setup: {
                builds: number;
                machines: number;
                findings: number;
            };
        };
        SignIn: {
            name: components["schemas"]["Name"];
            password: string;
        };
        PasswordChange: {
            current: string;
            /** @description At least ten characters, not the name, not all the same. */
            new: string;
        };
        User: {
            id: components["schemas"]["Id"];
            name: components["schemas"]["Name"];
            role: components["schemas"]["Role"];
            must_change_password: boolean;
            created_at: components["schemas"]["Time"];
            disabled_at: components["schemas"]["Time"] | null;
            last_sign_in_at: components["schemas"]["Time"] | null;
        };
        Project: {
            id: components["schemas"]["Id"];
            slug: components["schemas"]["Slug"];
            name: components["schemas"]["Name"];
            /** @description Everything below it is made up by the simulator. */
            simulated: boolean;
            created_at: components["schemas"]["Time"];
            counts: {
                drivers: number;
                builds: number;
                machines: number;
                findings: number;
            };
        };
        ProjectCreate: {
            slug: components["schemas"]["Slug"];
            name: components["schemas"]["Name"];
            simulated?: boolean;
        };
        Branch: {
            id: components["schemas"]["Id"];
            project: components["schemas"]["Slug"];
            simulated: boolean;
            name: components["schemas"]["Name"];
            parent: components["schemas"]["Name"] | null;
            /** @description Last build of the parent branch that this branch contains. */
            fork_seq: number | null;
            builds: number;
        };
        /** @description parent and fork_seq are given together or not at all. */
        BranchCreate: {
            project: components["schemas"]["Slug"];
            name: components["schemas"]["Name"];
            parent?: components["schemas"]["Name"] | null;
            fork_seq?: number | null;
        };
        Driver: {
            id: components["schemas"]["Id"];
            name: components["schemas"]["Name"];
            project: components["schemas"]["Slug"];
            simulated: boolean;
            builds: number;
            /** @description Findings with this driver as culprit that are not put aside: the list with driver and state=open. */
            open_findings: number;
        };
        DriverCreate: {
            project: components["schemas"]["Slug"];
            name: components["schemas"]["Name"];
        };
        /** @description One exact PE file: name, TimeDateStamp and SizeOfImage identify it. */
        Image: {
            id: components["schemas"]["Id"];
            name: components["schemas"]["Name"];
            timestamp: components["schemas"]["Hex32"];
            /** @description SizeOfImage of the PE header. */
            size: number;
            checksum: components["schemas"]["Hex32"] | null;
            sha256: components["schemas"]["Sha256"] | null;
        };
        ImageCreate: {
            name: components["schemas"]["Name"];
            timestamp: components["schemas"]["Hex32"];
            size: number;
            checksum?: components["schemas"]["Hex32"] | null;
            sha256?: components["schemas"]["Sha256"] | null;
        };
        BuildCounts: {
            /** @description Own findings whose first build on this build's lineage is this build. */
            new: number;
            /** @description Distinct findings of this build's driver. */
            own: number;
            /** @description Distinct findings met with this build, of somebody else's driver. */
            other: number;
            occurrences: number;
            /** @description Machines that ran the build or met a finding with it. */
            machines: number;
            runs: number;
        };
        /** @description What every view of a build has. */
        BuildFields: {
            id: components["schemas"]["Id"];
            project: components["schemas"]["Slug"];
            simulated: boolean;
            driver: components["schemas"]["DriverRef"];
            branch: components["schemas"]["Name"];
            seq: number;
            label: components["schemas"]["Name"] | null;
            commit: components["schemas"]["Name"] | null;
            created_at: components["schemas"]["Time"];
            counts: components["schemas"]["BuildCounts"];
            last_seen: components["schemas"]["Time"] | null;
        };
        /**
         * @description A build in a list.
         * @example {
         *       "id": 12,
         *       "project": "default",
         *       "simulated": false,
         *       "driver": {
         *         "id": 3,
         *         "name": "netx.sys"
         *       },
         *       "branch": "main",
         *       "seq": 7,
         *       "label": "10.4.7",
         *       "commit": "9f3c1ab",
         *       "created_at": "2026-11-21T20:41:02.123456Z",
         *       "counts": {
         *         "new": 1,
         *         "own": 2,
         *         "other": 1,
         *         "occurrences": 9,
         *         "machines": 3,
         *         "runs": 4
         *       },
         *       "last_seen": "2026-11-21T21:00:00.000000Z"
         *     }
         */
        Build: components["schemas"]["BuildFields"];
        /**
         * @description One build whole.
         * @example {
         *       "id": 1,
         *       "project": "default",
         *       "simulated": false,
         *       "driver": {
         *         "id": 1,
         *         "name": "netx.sys"
         *       },
         *       "branch": "main",
         *       "seq": 7,
         *       "label": "10.4.7",
         *       "commit": "9f3c1ab",
         *       "created_at": "2026-11-21T22:41:20.861909Z",
         *       "counts": {
         *         "new": 1,
         *         "own": 1,
         *         "other": 0,
         *         "occurrences": 1,
         *         "machines": 2,
         *         "runs": 1
         *       },
         *       "last_seen": "2026-11-21T22:41:21.573000Z",
         *       "origin": "api",
         *       "external_id": null,
         *       "parent": null,
         *       "images": [
         *         {
         *           "id": 1,
         *           "name": "netx.sys",
         *           "timestamp": "0x65a1b2c3",
         *           "size": 98304,
         *           "checksum": null,
         *           "sha256": null
         *         }
         *       ]
         *     }
         */
        BuildDetail: components["schemas"]["BuildFields"] & {
            origin: components["schemas"]["Name"];
            external_id: components["schemas"]["Name"] | null;
            parent: components["schemas"]["BuildRef"] | null;
            images: components["schemas"]["Image"][];
        };
        /**
         * @description project is `default`, branch `main` and origin `api` when left out. A driver or branch that does not exist is made.
         * @example {
         *       "project": "default",
         *       "driver": "netx.sys",
         *       "branch": "main",
         *       "seq": 7,
         *       "label": "10.4.7",
         *       "commit": "9f3c1ab",
         *       "origin": "cli",
         *       "external_id": null,
         *       "images": [
         *         {
         *           "name": "netx.sys",
         *           "timestamp": "0x65a1b2c3",
         *           "size": 98304,
         *           "checksum": null,
         *           "sha256": null
         *         }
         *       ]
         *     }
         */
        BuildCreate: {
            project?: components["schemas"]["Slug"];
            driver: components["schemas"]["Name"];
            branch?: components["schemas"]["Name"];
            seq: number;
            label?: components["schemas"]["Name"] | null;
            commit?: components["schemas"]["Name"] | null;
            external_id?: components["schemas"]["Name"] | null;
            origin?: components["schemas"]["Name"];
            images?: components["schemas"]["ImageCreate"][];
        };
        ImagesCreate: {
            images: components["schemas"]["ImageCreate"][];
        };
        ImagesResult: {
            images: components["schemas"]["Image"][];
            /** @description Occurrences without a build that are now this build's. */
            claimed: number;
        };
        /**
         * @example {
         *       "kind": "bugcheck",
         *       "new": 1,
         *       "own": 1,
         *       "other": 0,
         *       "occurrences": 1
         *     }
         */
        ReportKind: {
            kind: components["schemas"]["FindingKind"];
            new: number;
            own: number;
            other: number;
            occurrences: number;
        };
        /**
         * @example {
         *       "id": 1,
         *       "name": "LAB-01",
         *       "os": "Windows 11 24H2",
         *       "occurrences": 0,
         *       "findings": 0,
         *       "last_seen": "2026-11-21T22:41:21.573000Z"
         *     }
         */
        ReportMachine: {
            id: components["schemas"]["Id"];
            name: components["schemas"]["Name"];
            os: string | null;
            /** @description With this build. */
            occurrences: number;
            /** @description Distinct, with this build. */
            findings: number;
            last_seen: components["schemas"]["Time"] | null;
        };
        /** @description What the build report page shows, read in one snapshot. */
        Report: {
            build: components["schemas"]["BuildDetail"];
            simulated: boolean;
            /** @description Kinds that were met, in the order of their numbers. */
            by_kind: components["schemas"]["ReportKind"][];
            /** @description The newest fifty; totals.new has all of them. */
            new: components["schemas"]["Finding"][];
            runs: components["schemas"]["Run"][];
            machines: components["schemas"]["ReportMachine"][];
            totals: components["schemas"]["BuildCounts"];
        };
        /**
         * @description online: heard within two minutes. late: within fifteen. offline: longer ago. never: enrolled, not heard. imported: known from imported dumps only.
         * @enum {string}
         */
        MachineStatus: "online" | "late" | "offline" | "never" | "imported";
        /** @description What every view of a machine has. */
        MachineFields: {
            id: components["schemas"]["Id"];
            project: components["schemas"]["Slug"];
            simulated: boolean;
            name: components["schemas"]["Name"];
            /** @enum {string} */
            kind: "lab" | "imported";
            status: components["schemas"]["MachineStatus"];
            /** @description Windows in words, of the newest boot. */
            os: string | null;
            os_build: number | null;
            arch: components["schemas"]["Arch"] | null;
            agent_version: string | null;
            last_seen: components["schemas"]["Time"] | null;
            boots: number;
            runs: number;
            occurrences: number;
            /** @description Distinct. */
            findings: number;
            created_at: components["schemas"]["Time"];
        };
        /**
         * @description A machine in a list.
         * @example {
         *       "id": 1,
         *       "project": "default",
         *       "simulated": false,
         *       "name": "LAB-01",
         *       "kind": "lab",
         *       "status": "online",
         *       "os": "Windows 11 24H2",
         *       "os_build": 26100,
         *       "arch": "x64",
         *       "agent_version": "0.1.0",
         *       "last_seen": "2026-11-21T22:41:21.594873Z",
         *       "boots": 0,
         *       "runs": 1,
         *       "occurrences": 0,
         *       "findings": 0,
         *       "created_at": "2026-11-21T22:41:21.397842Z"
         *     }
         */
        Machine: components["schemas"]["MachineFields"];
        Boot: {
            id: components["schemas"]["Id"];
            boot_uuid: components["schemas"]["Uuid"] | null;
            ordinal: number | null;
            /** @enum {string} */
            kind: "observed" | "imported";
            started_at: components["schemas"]["Time"] | null;
            ended_at: components["schemas"]["Time"] | null;
            end_kind: components["schemas"]["EndKind"] | null;
            os: string | null;
            os_build: number | null;
        };
        AgentHealth: {
            agent_id: components["schemas"]["Uuid"];
            version: string | null;
            enrolled_at: components["schemas"]["Time"];
            last_seen_at: components["schemas"]["Time"] | null;
            clock_offset_us: number | null;
            retired_at: components["schemas"]["Time"] | null;
            /** @description Records of this agent that the server could not understand. */
            rejected: number;
            streams: {
                stream: components["schemas"]["Stream"];
                lane: components["schemas"]["Lane"];
                acked_seq: number;
                updated_at: components["schemas"]["Time"];
            }[];
            /** @description What waits on the machine, by its last heartbeat. */
            spool: {
                records: number;
                bytes: number | null;
                oldest_at: components["schemas"]["Time"] | null;
            } | null;
            /** @description Sequence numbers that gap records stand for. */
            lost: number;
        };
        /** @description One machine whole. */
        MachineDetail: components["schemas"]["MachineFields"] & {
            /** @description Evidence, never a key. */
            identity: {
                smbios_uuid: string | null;
                machine_guid: string | null;
                disk_serial: string | null;
            };
            /** @description Of the newest boot. */
            environment: {
                os_name: string | null;
                os_build: number | null;
                ubr: number | null;
                arch: components["schemas"]["Arch"] | null;
                hypervisor: string | null;
                cpus: number | null;
                memory_bytes: number | null;
            } | null;
            /** @description Newest first. */
            agents: components["schemas"]["AgentHealth"][];
            /** @description Newest first. */
            recent_boots: components["schemas"]["Boot"][];
        };
        RunFields: {
            id: components["schemas"]["Id"];
            project: components["schemas"]["Slug"];
            simulated: boolean;
            external_id: components["schemas"]["Name"];
            build: components["schemas"]["BuildRef"] | null;
            machine: components["schemas"]["MachineRef"] | null;
            started_at: components["schemas"]["Time"] | null;
            ended_at: components["schemas"]["Time"] | null;
            outcome: ("completed" | "bugcheck" | "aborted") | null;
            occurrences: number;
        };
        /**
         * @description A run in a list.
         * @example {
         *       "id": 1,
         *       "project": "default",
         *       "simulated": false,
         *       "external_id": "ci-77",
         *       "build": {
         *         "id": 1,
         *         "driver": "netx.sys",
         *         "branch": "main",
         *         "seq": 7,
         *         "label": "10.4.7"
         *       },
         *       "machine": {
         *         "id": 1,
         *         "name": "LAB-01"
         *       },
         *       "started_at": "2026-11-21T22:41:21.573000Z",
         *       "ended_at": null,
         *       "outcome": null,
         *       "occurrences": 0
         *     }
         */
        Run: components["schemas"]["RunFields"];
        /** @description One run whole. */
        RunDetail: components["schemas"]["RunFields"] & {
            boots: components["schemas"]["Boot"][];
        };
        BugcheckRef: {
            code: components["schemas"]["Hex32"];
            name: string | null;
        };
        Culprit: {
            module: string;
            offset: components["schemas"]["Offset"] | null;
        };
        /** @description What every view of a finding has. */
        FindingFields: {
            id: components["schemas"]["Id"];
            project: components["schemas"]["Slug"];
            simulated: boolean;
            kind: components["schemas"]["FindingKind"];
            title: string;
            bugcheck: components["schemas"]["BugcheckRef"] | null;
            culprit: components["schemas"]["Culprit"] | null;
            driver: components["schemas"]["Name"] | null;
            triage: components["schemas"]["Triage"];
            /** @description Grouped by an offset only: another build of the driver may make another finding of it. */
            weak: boolean;
            first_build: components["schemas"]["BuildRef"] | null;
            last_build: components["schemas"]["BuildRef"] | null;
            first_seen: components["schemas"]["Time"] | null;
            last_seen: components["schemas"]["Time"] | null;
            occurrences: number;
            machines: number;
            builds: number;
        };
        /**
         * @description A finding in a list.
         * @example {
         *       "id": 1,
         *       "project": "default",
         *       "simulated": false,
         *       "kind": "bugcheck",
         *       "title": "0xD1 DRIVER_IRQL_NOT_LESS_OR_EQUAL in netx.sys+0x334c",
         *       "bugcheck": {
         *         "code": "0x000000d1",
         *         "name": "DRIVER_IRQL_NOT_LESS_OR_EQUAL"
         *       },
         *       "culprit": {
         *         "module": "netx.sys",
         *         "offset": "0x334c"
         *       },
         *       "driver": "netx.sys",
         *       "triage": "untriaged",
         *       "weak": true,
         *       "first_build": {
         *         "id": 1,
         *         "driver": "netx.sys",
         *         "branch": "main",
         *         "seq": 7,
         *         "label": "10.4.7"
         *       },
         *       "last_build": {
         *         "id": 1,
         *         "driver": "netx.sys",
         *         "branch": "main",
         *         "seq": 7,
         *         "label": "10.4.7"
         *       },
         *       "first_seen": "2026-11-20T10:00:00.000000Z",
         *       "last_seen": "2026-11-20T10:00:00.000000Z",
         *       "occurrences": 1,
         *       "machines": 1,
         *       "builds": 1,
         *       "in_build": {
         *         "role": "own",
         *         "new": true,
         *         "occurrences": 1,
         *         "machines": 1
         *       }
         *     }
         */
        Finding: components["schemas"]["FindingFields"] & {
            /** @description Only when the list is of one build. */
            in_build: {
                /**
                 * @description own when one of its occurrences is, else loaded when one is.
                 * @enum {string}
                 */
                role: "own" | "loaded" | "other";
                /** @description own, and first seen on the lineage with this build. */
                new: boolean;
                occurrences: number;
                machines: number;
            } | null;
        };
        /** @description One finding whole. */
        FindingDetail: components["schemas"]["FindingFields"] & {
            /** @description Why the occurrences are grouped. */
            fingerprint: {
                version: number;
                /** @description The canonical text that is hashed. */
                text: string;
                hash: string;
                parts: {
                    name: string;
                    value: string | null;
                }[];
            };
            decoded: components["schemas"]["DecodedBugcheck"] | null;
            sample_occurrence_id: components["schemas"]["Id"] | null;
            /** @description Newest first; one row for each role met. */
            build_list: {
                build: components["schemas"]["BuildRef"];
                /** @enum {string} */
                role: "own" | "loaded" | "other";
                occurrences: number;
                machines: number;
            }[];
            /** @description Most occurrences first. */
            machine_list: {
                machine: components["schemas"]["MachineRef"];
                os: string | null;
                occurrences: number;
                last_seen: components["schemas"]["Time"] | null;
            }[];
            related: {
                id: components["schemas"]["Id"];
                kind: components["schemas"]["FindingKind"];
                title: string;
                /** @enum {string} */
                reason: "same_culprit" | "same_code";
            }[];
        };
        DumpRef: {
            sha256: components["schemas"]["Sha256"];
            size: number | null;
            file_name: string | null;
            /** @description The raw file is kept and can be downloaded. */
            available: boolean;
        };
        OccurrenceFields: {
            id: components["schemas"]["Id"];
            project: components["schemas"]["Slug"];
            simulated: boolean;
            finding: {
                id: components["schemas"]["Id"];
                kind: components["schemas"]["FindingKind"];
                title: string;
            };
            occurred_at: components["schemas"]["Time"];
            received_at: components["schemas"]["Time"];
            machine: components["schemas"]["MachineRef"] | null;
            build: components["schemas"]["BuildRef"] | null;
            run: components["schemas"]["RunRef"] | null;
            attribution: components["schemas"]["Attribution"];
            role: components["schemas"]["OccurrenceRole"];
            source: components["schemas"]["Source"];
            bugcheck: {
                code: components["schemas"]["Hex32"];
                name: string | null;
                parameters: components["schemas"]["Hex64"][];
            } | null;
            uptime_seconds: number | null;
            dump: components["schemas"]["DumpRef"] | null;
        };
        /**
         * @description An occurrence in a list.
         * @example {
         *       "id": 1,
         *       "project": "default",
         *       "simulated": false,
         *       "finding": {
         *         "id": 1,
         *         "kind": "bugcheck",
         *         "title": "0xD1 DRIVER_IRQL_NOT_LESS_OR_EQUAL in netx.sys+0x334c"
         *       },
         *       "occurred_at": "2026-11-20T10:00:00.000000Z",
         *       "received_at": "2026-11-21T22:41:21.728531Z",
         *       "machine": {
         *         "id": 2,
         *         "name": "LAB-02"
         *       },
         *       "build": {
         *         "id": 1,
         *         "driver": "netx.sys",
         *         "branch": "main",
         *         "seq": 7,
         *         "label": "10.4.7"
         *       },
         *       "run": null,
         *       "attribution": "explicit",
         *       "role": "own",
         *       "source": "dump",
         *       "bugcheck": {
         *         "code": "0x000000d1",
         *         "name": "DRIVER_IRQL_NOT_LESS_OR_EQUAL",
         *         "parameters": [
         *           "0x0000000000000010",
         *           "0x0000000000000002",
         *           "0x0000000000000000",
         *           "0x0000000000001234"
         *         ]
         *       },
         *       "uptime_seconds": 3.74707,
         *       "dump": {
         *         "sha256": "d9525bae349bce21064b965e310dc31b3db349b9d372152aee7df5666ee0f82e",
         *         "size": 4096,
         *         "file_name": "d9525bae.dmp",
         *         "available": false
         *       }
         *     }
         */
        Occurrence: components["schemas"]["OccurrenceFields"];
        /** @description One occurrence whole. */
        OccurrenceDetail: components["schemas"]["OccurrenceFields"] & {
            boot: components["schemas"]["Boot"] | null;
            raw_code: components["schemas"]["Hex32"] | null;
            decoded: components["schemas"]["DumpReport"] | null;
            /** @description Facts of the event log entry, as the agent read them. */
            report: Record<string, never> | null;
            explanation: components["schemas"]["DecodedBugcheck"] | null;
        };
        /**
         * @description What `verifleet dump FILE --json` prints. Kept as it was sent: a newer decoder may add members.
         * @example {
         *       "format": "triage64",
         *       "arch": "x64",
         *       "os_build": 19041,
         *       "build_lab": "19041.1.amd64fre.vb_release.191206-1406",
         *       "cpus": 8,
         *       "system_time": "2026-11-20T10:00:00.000000Z",
         *       "uptime_seconds": 3.7470697,
         *       "bugcheck": {
         *         "code": "0x000000d1",
         *         "raw_code": "0x000000d1",
         *         "name": null,
         *         "parameters": [
         *           "0x0000000000000010",
         *           "0x0000000000000002",
         *           "0x0000000000000000",
         *           "0x0000000000001234"
         *         ]
         *       },
         *       "culprit": {
         *         "module": "netx.sys",
         *         "offset": "0x334c",
         *         "reason": "context"
         *       },
         *       "context": {
         *         "pc": "0xfffff8000200334c",
         *         "sp": "0xffffd00012340000"
         *       },
         *       "drivers": [
         *         {
         *           "name": "ntoskrnl.exe",
         *           "path": "\\SystemRoot\\System32\\drivers\\ntoskrnl.exe",
         *           "base": "0xfffff80000000000",
         *           "size": 17063936,
         *           "timestamp": "0x5f3a1b2c",
         *           "checksum": null
         *         },
         *         {
         *           "name": "netx.sys",
         *           "path": "\\SystemRoot\\System32\\drivers\\netx.sys",
         *           "base": "0xfffff80002000000",
         *           "size": 98304,
         *           "timestamp": "0x65a1b2c3",
         *           "checksum": null
         *         }
         *       ],
         *       "unloaded": [],
         *       "stack": [
         *         {
         *           "address": "0xffffd00012340000",
         *           "value": "0xfffff8000200334c",
         *           "module": "netx.sys",
         *           "offset": "0x334c"
         *         }
         *       ],
         *       "secondary": [],
         *       "warnings": []
         *     }
         */
        DumpReport: {
            format: string;
            arch: components["schemas"]["Arch"] | null;
            os_build: number | null;
            build_lab: string | null;
            cpus: number | null;
            system_time: components["schemas"]["Time"] | null;
            uptime_seconds: number | null;
            bugcheck: {
                code: components["schemas"]["Hex32"];
                raw_code: components["schemas"]["Hex32"];
                name: string | null;
                parameters: components["schemas"]["Hex64"][];
            } | null;
            culprit: {
                module: string;
                offset: components["schemas"]["Offset"];
                reason: string;
            } | null;
            context: {
                pc: components["schemas"]["Hex64"] | null;
                sp: components["schemas"]["Hex64"] | null;
            } | null;
            drivers: {
                name: string;
                path: string | null;
                base: components["schemas"]["Hex64"];
                size: number;
                timestamp: components["schemas"]["Hex32"] | null;
                checksum: components["schemas"]["Hex32"] | null;
            }[];
            unloaded: {
                name: string;
                start: components["schemas"]["Hex64"];
                end: components["schemas"]["Hex64"];
            }[];
            stack: {
                address: components["schemas"]["Hex64"];
                value: components["schemas"]["Hex64"];
                module: string | null;
                offset: components["schemas"]["Offset"] | null;
            }[];
            secondary: {
                guid: string;
                size: number;
            }[];
            warnings: string[];
        };
        DecodedParameter: {
            /** @description null: not given. */
            value: components["schemas"]["Hex64"] | null;
            /** @description null: nothing is publicly documented. */
            meaning: string | null;
            /** @description Where the meaning lists values: the words for this case. */
            here: string | null;
        };
        /** @description An option of Driver Verifier by its row in the catalogue. */
        VerifierOptionRef: {
            number: number;
            key: string;
            name: string;
            mask: components["schemas"]["Hex32"] | null;
        };
        /** @description A class of DMA misuse. */
        DmaClass: {
            number: number;
            key: string;
            meaning: string;
            codes: string;
            note: string | null;
        };
        /** @description A rule for NDIS drivers. */
        NdisRule: {
            number: number;
            name: string;
            memory_usage: boolean;
            /** @description Its parameter 1 of 0xC4; null: Driver Verifier does not check it. */
            c4_p1: components["schemas"]["Hex32"] | null;
            sets: string[];
            functions: string[];
            function_count: number;
            requirement: string;
            compile_time: boolean;
            run_time: boolean;
            verifier_option: string | null;
        };
        /** @description One row of a list of sub-codes. Several may match: alternatives and ranges of Windows builds. */
        DecodedMatch: {
            /** @enum {string} */
            list: "c4" | "c9" | "e6";
            symbol: string;
            p1: components["schemas"]["Hex32"];
            /** @description Only where parameter 2 is a further sub-code. */
            p2: components["schemas"]["Hex32"] | null;
            meaning: string;
            parameters: components["schemas"]["DecodedParameter"][];
            category: string | null;
            severity: string | null;
            rule: string | null;
            /** @description Number in dma_classes. */
            dma_class: number | null;
            /** @enum {string} */
            leak: "yes" | "no" | "possible" | "unknown";
            /**
             * @description Does it take Driver Verifier to meet it?
             * @enum {string}
             */
            verifier: "yes" | "no" | "unknown";
            os_build_min: number | null;
            os_build_max: number | null;
            note: string | null;
            source: string | null;
        };
        DecodedBugcheck: {
            code: components["schemas"]["Hex32"];
            raw_code: components["schemas"]["Hex32"];
            /** @description null: the code is in no public list. */
            name: string | null;
            /** @description Name of the raw code where that has one of its own. */
            raw_name: string | null;
            meaning: string | null;
            /** @description false: nothing beyond the name is public. */
            documented: boolean;
            /** @enum {string|null} */
            type: "stop" | "live_dump" | null;
            /** @description null: unknown code, or parameter 1 would decide and is not given. */
            kind: components["schemas"]["FindingKind"] | null;
            parameters: components["schemas"]["DecodedParameter"][];
            /** @enum {string} */
            leak: "yes" | "no" | "possible" | "unknown";
            leak_note: string | null;
            /**
             * @description Does it take Driver Verifier to meet it?
             * @enum {string}
             */
            verifier: "yes" | "no" | "unknown";
            verifier_note: string | null;
            /** @description Options that may have found it; never 0x80 for 0xE6/0x26. */
            verifier_options: components["schemas"]["VerifierOptionRef"][];
            dma_class: components["schemas"]["DmaClass"] | null;
            rule: components["schemas"]["NdisRule"] | null;
            /** @description Parameter 1 is one of a fixed set of values. */
            p1_is_class: boolean | null;
            /** @description The parameter that may hold an address of code. */
            code_address: number | null;
            os_build: number | null;
            matches: components["schemas"]["DecodedMatch"][];
            /** @description Sentences for people. */
            notes: string[];
        };
        /** @description An option of Driver Verifier. */
        VerifierFlag: {
            number: number;
            key: string;
            name: string;
            /** @enum {string} */
            kind: "bit" | "legacy" | "reserved" | "rule_class" | "registry";
            mask: components["schemas"]["Hex32"] | null;
            bit: number | null;
            rule_class: number | null;
            rule_class_note: string | null;
            since: string | null;
            deprecated: string | null;
            /** @description Part of /standard? Starts with yes or no where that is clear. */
            standard: {
                xp: string | null;
                vista_7: string | null;
                "8_81": string | null;
                "10_11": string | null;
            };
            /** @description Can /volatile change it? */
            volatile: {
                10: string | null;
                11: string | null;
                vista_81: string | null;
            };
            dif_now_win11: string | null;
            reboot_needed: string | null;
            requires: string | null;
            requires_option: number | null;
            notes: string | null;
            meaning: string;
        };
        DecodedFlag: {
            number: number;
            key: string;
            name: string;
            /** @enum {string} */
            kind: "bit" | "legacy" | "reserved" | "rule_class" | "registry";
            mask: components["schemas"]["Hex32"] | null;
            bit: number | null;
            rule_class: number | null;
            rule_class_note: string | null;
            since: string | null;
            deprecated: string | null;
            /** @description Part of /standard? Starts with yes or no where that is clear. */
            standard: {
                xp: string | null;
                vista_7: string | null;
                "8_81": string | null;
                "10_11": string | null;
            };
            /** @description Can /volatile change it? */
            volatile: {
                10: string | null;
                11: string | null;
                vista_81: string | null;
            };
            dif_now_win11: string | null;
            reboot_needed: string | null;
            requires: string | null;
            requires_option: number | null;
            notes: string | null;
            meaning: string;
            /** @description For the Windows version asked for; null when none was. */
            on_windows: {
                /** @enum {string} */
                available: "yes" | "no" | "unknown";
                standard: string | null;
                volatile: string | null;
                dif_now: string | null;
            } | null;
        };
        DecodedFlags: {
            mask: components["schemas"]["Hex32"];
            windows: string | null;
            flags: components["schemas"]["DecodedFlag"][];
            /** @description Bits set without a published meaning. */
            reserved: components["schemas"]["Hex32"][];
            /** @description Bits set that are in no list. */
            unknown: components["schemas"]["Hex32"][];
            /** @description Options that a set one requires and that are not set. */
            missing: components["schemas"]["VerifierOptionRef"][];
        };
        CatalogBugcheck: {
            code: components["schemas"]["Hex32"];
            name: string;
            documented: boolean;
            /** @enum {string} */
            type: "stop" | "live_dump";
            meaning: string | null;
            parameters: (string | null)[];
            p1_is_class: boolean;
            /** @enum {string} */
            leak: "yes" | "no" | "possible" | "unknown";
            leak_words: string;
            /**
             * @description Does it take Driver Verifier to meet it?
             * @enum {string}
             */
            verifier: "yes" | "no" | "unknown";
            verifier_words: string;
            code_address: number | null;
        };
        CatalogSubCode: {
            /** @enum {string} */
            list: "c4" | "c9" | "e6";
            symbol: string;
            p1: components["schemas"]["Hex32"];
            /** @description Only where parameter 2 is a further sub-code. */
            p2: components["schemas"]["Hex32"] | null;
            meaning: string;
            /** @description Of parameters 2, 3 and 4. */
            parameters: (string | null)[];
            category: string | null;
            severity: string | null;
            rule: string | null;
            /** @description Number in dma_classes. */
            dma_class: number | null;
            /** @enum {string} */
            leak: "yes" | "no" | "possible" | "unknown";
            /**
             * @description Does it take Driver Verifier to meet it?
             * @enum {string}
             */
            verifier: "yes" | "no" | "unknown";
            os_build_min: number | null;
            os_build_max: number | null;
            note: string | null;
            source: string | null;
        };
        /** @description The catalogues that the program carries, for pages and scripts. */
        Catalog: {
            finding_kinds: {
                number: number;
                key: components["schemas"]["FindingKind"];
                name: string;
                meaning: string;
            }[];
            bugchecks: components["schemas"]["CatalogBugcheck"][];
            sub_codes: components["schemas"]["CatalogSubCode"][];
            dma_classes: components["schemas"]["DmaClass"][];
            verifier_flags: components["schemas"]["VerifierFlag"][];
            rules: components["schemas"]["NdisRule"][];
        };
        Environment: {
            os_name?: string | null;
            os_build?: number | null;
            ubr?: number | null;
            arch?: components["schemas"]["Arch"] | null;
            hypervisor?: string | null;
            cpus?: number | null;
            memory_bytes?: number | null;
        };
        Enroll: {
            token: string;
            name: components["schemas"]["Name"];
            /** @description ECDSA P-256, SubjectPublicKeyInfo in PEM. */
            public_key: string;
            evidence: {
                smbios_uuid?: string | null;
                machine_guid?: string | null;
                disk_serial?: string | null;
            };
            env: components["schemas"]["Environment"];
            agent_version: string;
        };
        Enrolled: {
            agent_id: components["schemas"]["Uuid"];
            machine_id: components["schemas"]["Uuid"];
            /** @description The name the machine got: another one when the wanted name is another machine's. */
            machine: components["schemas"]["Name"];
            server_time: components["schemas"]["Time"];
            heartbeat_s: number;
        };
        Heartbeat: {
            boot_uuid: components["schemas"]["Uuid"] | null;
            uptime_us: number;
            spool: {
                records: number;
                bytes: number;
                oldest_at: components["schemas"]["Time"] | null;
            };
            policy_revision: number;
        };
        HeartbeatAnswer: {
            server_time: components["schemas"]["Time"];
            heartbeat_s: number;
            policy_revision: number;
        };
        /**
         * @example {
         *       "stream": "766c595643208550316b49e39e05f65b",
         *       "acked_seq": 1,
         *       "stored": 1,
         *       "duplicates": 0,
         *       "rejected": 0,
         *       "gaps": 0
         *     }
         */
        IngestAnswer: {
            stream: components["schemas"]["Stream"];
            /** @description Everything up to here is committed. */
            acked_seq: number;
            stored: number;
            duplicates: number;
            /** @description Kept apart with their reasons. */
            rejected: number;
            gaps: number;
        };
        CrashImport: {
            build_id?: components["schemas"]["Id"] | null;
            machine?: components["schemas"]["Name"] | null;
            project?: components["schemas"]["Slug"] | null;
            dump: {
                sha256: components["schemas"]["Sha256"];
                size: number;
                file_name: string | null;
                decoder: number;
                decoded: components["schemas"]["DumpReport"];
            };
        };
        /**
         * @example {
         *       "occurrence_id": 1,
         *       "finding_id": 1,
         *       "duplicate": false,
         *       "moved_from": null,
         *       "attribution": "explicit",
         *       "role": "own",
         *       "upload_needed": true
         *     }
         */
        CrashImported: {
            occurrence_id: components["schemas"]["Id"];
            finding_id: components["schemas"]["Id"];
            /** @description The project has this dump already; nothing was counted. */
            duplicate: boolean;
            /** @description The build that the crash belonged to until now; null when it stayed. */
            moved_from: components["schemas"]["BuildRef"] | null;
            attribution: components["schemas"]["Attribution"];
            role: components["schemas"]["OccurrenceRole"];
            /** @description The raw file is not kept yet. */
            upload_needed: boolean;
        };
        DumpUpload: {
            sha256: components["schemas"]["Sha256"];
            size: number;
            /** @description Bytes held: the offset of the next part. */
            received: number;
            complete: boolean;
        };
        Dump: {
            sha256: components["schemas"]["Sha256"];
            project: components["schemas"]["Slug"];
            simulated: boolean;
            size: number;
            received: number;
            file_name: string | null;
            /** @description Version that made the stored reading. */
            decoder: number | null;
            complete: boolean;
            available: boolean;
            uploaded_at: components["schemas"]["Time"] | null;
            deleted_at: components["schemas"]["Time"] | null;
            occurrence_id: components["schemas"]["Id"] | null;
        };
        DumpDecoded: {
            decoder: number;
            decoded: components["schemas"]["DumpReport"];
        };
        DumpRedecoded: {
            occurrence_id: components["schemas"]["Id"];
            finding_id: components["schemas"]["Id"];
            /** @description The new reading belongs to another finding. */
            moved: boolean;
        };
        /**
         * @example {
         *       "next": "NzQxIDkyMjMzNzIwMzY4NTQ3NzU4MDcgMTc5NTMwMDg4MzA4NTMzMw",
         *       "items": [
         *         {
         *           "topic": "build",
         *           "id": 1
         *         }
         *       ],
         *       "reset": false
         *     }
         */
        Changes: {
            next: components["schemas"]["Cursor"];
            items: {
                /** @enum {string} */
                topic: "project" | "build" | "finding" | "machine" | "run" | "dump" | "rejected" | "incident";
                id: number;
            }[];
            /** @description The database never came to that cursor (it was made anew or restored), or no longer knows it: read everything again. */
            reset: boolean;
        };
        TokenFields: {
            id: components["schemas"]["Id"];
            /** @description The part of the secret that may be shown. */
            prefix: string;
            name: components["schemas"]["Name"];
            scopes: components["schemas"]["Scope"][];
            project: components["schemas"]["Slug"] | null;
            created_by: components["schemas"]["Name"] | null;
            created_at: components["schemas"]["Time"];
            expires_at: components["schemas"]["Time"] | null;
            revoked_at: components["schemas"]["Time"] | null;
            last_used_at: components["schemas"]["Time"] | null;
        };
        /** @description A token; its secret is known to nobody. */
        Token: components["schemas"]["TokenFields"];
        TokenCreate: {
            name: components["schemas"]["Name"];
            scopes: components["schemas"]["Scope"][];
            project?: components["schemas"]["Slug"] | null;
            ttl_s?: number | null;
        };
        /** @description The new token with its secret, shown once. */
        TokenCreated: components["schemas"]["TokenFields"] & {
            token: string;
        };
        EnrollTokenFields: {
            id: components["schemas"]["Id"];
            prefix: string;
            project: components["schemas"]["Slug"];
            note: string | null;
            created_by: components["schemas"]["Name"] | null;
            created_at: components["schemas"]["Time"];
            expires_at: components["schemas"]["Time"];
            max_uses: number;
            uses: number;
            networks: string[];
            revoked_at: components["schemas"]["Time"] | null;
        };
        /** @description An enrolment token. */
        EnrollToken: components["schemas"]["EnrollTokenFields"];
        /** @description Left out: project `default`, a day, ten uses, every network. */
        EnrollTokenCreate: {
            project?: components["schemas"]["Slug"];
            ttl_s?: number;
            max_uses?: number;
            networks?: string[];
            note?: string | null;
        };
        /** @description The new enrolment token with its secret, shown once. */
        EnrollTokenCreated: components["schemas"]["EnrollTokenFields"] & {
            token: string;
        };
        /**
         * @example {
         *       "id": 5,
         *       "at": "2026-11-21T22:41:20.861909Z",
         *       "actor": {
         *         "kind": "user",
         *         "id": 1,
         *         "name": "admin"
         *       },
         *       "action": "build.create",
         *       "object": {
         *         "kind": "build",
         *         "id": "1"
         *       },
         *       "remote_addr": "127.0.0.1",
         *       "detail": {
         *         "images": 1,
         *         "claimed": 0
         *       }
         *     }
         */
        AuditEvent: {
            id: components["schemas"]["Id"];
            at: components["schemas"]["Time"];
            actor: {
                /** @enum {string} */
                kind: "system" | "user" | "token" | "agent" | "console";
                id: number | null;
                name: string;
            };
            action: string;
            object: {
                kind: string;
                id: string | null;
            } | null;
            remote_addr: string | null;
            /** @description What more there is to say; never a secret. */
            detail: Record<string, never>;
        };
        Rejected: {
            id: components["schemas"]["Id"];
            project: components["schemas"]["Slug"];
            simulated: boolean;
            received_at: components["schemas"]["Time"];
            machine: components["schemas"]["MachineRef"] | null;
            stream: components["schemas"]["Stream"] | null;
            seq: number | null;
            reason: string;
            field: string | null;
            /** @description The record as it came, cut when it is long. */
            raw: string;
            kind: string | null;
            /** @description Bytes of the whole record; `raw` may be its start only. */
            raw_size: number;
        };
        Health: {
            /** @enum {string} */
            status: "ok";
            version: string;
        };
        Ready: {
            /** @enum {string} */
            status: "ready";
            /** @description Version of the database. */
            schema: number;
        };
        /** @description One page: next is null at the end; total is the number of rows of the whole list and comes with the first page. */
        ProjectList: {
            items: components["schemas"]["Project"][];
            next: components["schemas"]["Cursor"] | null;
            total: number | null;
        };
        /** @description One page: next is null at the end; total is the number of rows of the whole list and comes with the first page. */
        BranchList: {
            items: components["schemas"]["Branch"][];
            next: components["schemas"]["Cursor"] | null;
            total: number | null;
        };
        /** @description One page: next is null at the end; total is the number of rows of the whole list and comes with the first page. */
        DriverList: {
            items: components["schemas"]["Driver"][];
            next: components["schemas"]["Cursor"] | null;
            total: number | null;
        };
        /** @description One page: next is null at the end; total is the number of rows of the whole list and comes with the first page. */
        BuildList: {
            items: components["schemas"]["Build"][];
            next: components["schemas"]["Cursor"] | null;
            total: number | null;
        };
        /** @description One page: next is null at the end; total is the number of rows of the whole list and comes with the first page. */
        MachineList: {
            items: components["schemas"]["Machine"][];
            next: components["schemas"]["Cursor"] | null;
            total: number | null;
        };
        /** @description One page: next is null at the end; total is the number of rows of the whole list and comes with the first page. */
        RunList: {
            items: components["schemas"]["Run"][];
            next: components["schemas"]["Cursor"] | null;
            total: number | null;
        };
        /** @description One page: next is null at the end; total is the number of rows of the whole list and comes with the first page. */
        FindingList: {
            items: components["schemas"]["Finding"][];
            next: components["schemas"]["Cursor"] | null;
            total: number | null;
        };
        /** @description One page: next is null at the end; total is the number of rows of the whole list and comes with the first page. */
        OccurrenceList: {
            items: components["schemas"]["Occurrence"][];
            next: components["schemas"]["Cursor"] | null;
            total: number | null;
        };
        /** @description One page: next is null at the end; total is the number of rows of the whole list and comes with the first page. */
        DumpList: {
            items: components["schemas"]["Dump"][];
            next: components["schemas"]["Cursor"] | null;
            total: number | null;
        };
        /** @description One page: next is null at the end; total is the number of rows of the whole list and comes with the first page. */
        TokenList: {
            items: components["schemas"]["Token"][];
            next: components["schemas"]["Cursor"] | null;
            total: number | null;
        };
        /** @description One page: next is null at the end; total is the number of rows of the whole list and comes with the first page. */
        EnrollTokenList: {
            items: components["schemas"]["EnrollToken"][];
            next: components["schemas"]["Cursor"] | null;
            total: number | null;
        };
        /** @description One page: next is null at the end; total is the number of rows of the whole list and comes with the first page. */
        AuditEventList: {
            items: components["schemas"]["AuditEvent"][];
            next: components["schemas"]["Cursor"] | null;
            total: number | null;
        };
        /** @description One page: next is null at the end; total is the number of rows of the whole list and comes with the first page. */
        RejectedList: {
            items: components["schemas"]["Rejected"][];
            next: components["schemas"]["Cursor"] | null;
            total: number | null;
        };
        /** @description One page: next is null at the end; total is the number of rows of the whole list and comes with the first page. */
        UserList: {
            items: components["schemas"]["User"][];
            next: components["schemas"]["Cursor"] | null;
            total: number | null;
        };
    };
    responses: {
        /** @description The request cannot be read: bad JSON, a query parameter that is unknown, given twice or out of its range. */
        BadRequest: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Nobody is signed in, or the token, cookie or signature is not valid. */
        Unauthorized: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Known, but not permitted; or the CSRF token is missing. */
        Forbidden: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description No such row. */
        NotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description It exists already with other content, or the state does not allow it. */
        Conflict: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Larger than a stated limit. */
        TooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The content type or encoding is not understood. */
        Unsupported: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Well formed, but a member is not what it must be: `field` names it. */
        Invalid: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Too many attempts; Retry-After says when to come back. */
        TooMany: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Temporary; Retry-After says when to come back. */
        Unavailable: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The copy at hand is still right. */
        NotModified: {
            headers: {
                ETag: components["headers"]["ETag"];
                [name: string]: unknown;
            };
            content?: never;
        };
    };
    parameters: {
        /** @description Rows of one page. */
        limit: number;
        /** @description `next` of the page before. */
        cursor: components["schemas"]["Cursor"];
        /** @description Only of this project. */
        project: components["schemas"]["Slug"];
        /** @description Only rows whose name holds this text; case does not matter. */
        q: string;
        /** @description Only of the driver with this name; case does not matter. */
        driver: components["schemas"]["Name"];
        /** @description Only of the branch with this name. */
        branch: components["schemas"]["Name"];
        /** @description Only of this build. */
        build: components["schemas"]["Id"];
        /** @description Only of this machine. */
        machine: components["schemas"]["Id"];
        /** @description Only of this finding. */
        finding: components["schemas"]["Id"];
        /** @description Only of this run. */
        run: components["schemas"]["Id"];
        /** @description Only of this kind. */
        kind: components["schemas"]["FindingKind"];
        /** @description own: of the build's driver. other: every one that is not own. loaded: the build's driver was loaded. Needs `build`. */
        role: "own" | "loaded" | "other";
        /** @description Identity of the row. */
        id: components["schemas"]["Id"];
        /** @description SHA-256 of the raw dump. */
        sha256: components["schemas"]["Sha256"];
        /** @description ETag of the copy at hand; 304 when it is still right. */
        ifNoneMatch: string;
    };
    requestBodies: never;
    headers: {
        /** @description Changes when the body does. */
        ETag: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    healthz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It does. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            400: components["responses"]["BadRequest"];
            503: components["responses"]["Unavailable"];
        };
    };
    readyz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description They can. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ready"];
                };
            };
            400: components["responses"]["BadRequest"];
            503: components["responses"]["Unavailable"];
        };
    };
    metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Prometheus text format 0.0.4. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            503: components["responses"]["Unavailable"];
        };
    };
    getOpenapi: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the copy at hand; 304 when it is still right. */
                "If-None-Match"?: components["parameters"]["ifNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            503: components["responses"]["Unavailable"];
        };
    };
    getSession: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the copy at hand; 304 when it is still right. */
                "If-None-Match"?: components["parameters"]["ifNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            503: components["responses"]["Unavailable"];
        };
    };
    signIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignIn"];
            };
        };
        responses: {
            /** @description Signed in. */
            200: {
                headers: {
                    /** @description The session cookie: HttpOnly, SameSite=Strict. */
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["Unsupported"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooMany"];
            503: components["responses"]["Unavailable"];
        };
    };
    signOut: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Signed out. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            503: components["responses"]["Unavailable"];
        };
    };
    changePassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordChange"];
            };
        };
        responses: {
            /** @description Changed; every other session of the person is over. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["Unsupported"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooMany"];
            503: components["responses"]["Unavailable"];
        };
    };
    listUsers: {
        parameters: {
            query?: {
                /** @description Rows of one page. */
                limit?: components["parameters"]["limit"];
                /** @description `next` of the page before. */
                cursor?: components["parameters"]["cursor"];
            };
            header?: {
                /** @description ETag of the copy at hand; 304 when it is still right. */
                "If-None-Match"?: components["parameters"]["ifNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserList"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            503: components["responses"]["Unavailable"];
        };
    };
    listProjects: {
        parameters: {
            query?: {
                /** @description Rows of one page. */
                limit?: components["parameters"]["limit"];
                /** @description `next` of the page before. */
                cursor?: components["parameters"]["cursor"];
                /** @description Only rows whose name holds this text; case does not matter. */
                q?: components["parameters"]["q"];
            };
            header?: {
                /** @description ETag of the copy at hand; 304 when it is still right. */
                "If-None-Match"?: components["parameters"]["ifNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectList"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            503: components["responses"]["Unavailable"];
        };
    };
    createProject: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProjectCreate"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["Unsupported"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    listBranches: {
        parameters: {
            query?: {
                /** @description Rows of one page. */
                limit?: components["parameters"]["limit"];
                /** @description `next` of the page before. */
                cursor?: components["parameters"]["cursor"];
                /** @description Only of this project. */
                project?: components["parameters"]["project"];
                /** @description Only rows whose name holds this text; case does not matter. */
                q?: components["parameters"]["q"];
            };
            header?: {
                /** @description ETag of the copy at hand; 304 when it is still right. */
                "If-None-Match"?: components["parameters"]["ifNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BranchList"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            503: components["responses"]["Unavailable"];
        };
    };
    createBranch: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BranchCreate"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Branch"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["Unsupported"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    listDrivers: {
        parameters: {
            query?: {
                /** @description Rows of one page. */
                limit?: components["parameters"]["limit"];
                /** @description `next` of the page before. */
                cursor?: components["parameters"]["cursor"];
                /** @description Only of this project. */
                project?: components["parameters"]["project"];
                /** @description Only rows whose name holds this text; case does not matter. */
                q?: components["parameters"]["q"];
            };
            header?: {
                /** @description ETag of the copy at hand; 304 when it is still right. */
                "If-None-Match"?: components["parameters"]["ifNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DriverList"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            503: components["responses"]["Unavailable"];
        };
    };
    createDriver: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DriverCreate"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Driver"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["Unsupported"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    listBuilds: {
        parameters: {
            query?: {
                /** @description Rows of one page. */
                limit?: components["parameters"]["limit"];
                /** @description `next` of the page before. */
                cursor?: components["parameters"]["cursor"];
                /** @description Only of this project. */
                project?: components["parameters"]["project"];
                /** @description Only of the driver with this name; case does not matter. */
                driver?: components["parameters"]["driver"];
                /** @description Only of the branch with this name. */
                branch?: components["parameters"]["branch"];
                /** @description Only of this finding. */
                finding?: components["parameters"]["finding"];
                /** @description Only of this machine. */
                machine?: components["parameters"]["machine"];
                /** @description Only rows whose name holds this text; case does not matter. */
                q?: components["parameters"]["q"];
                /** @description lineage: by branch, newest sequence first. created: newest first. */
                sort?: "lineage" | "created";
            };
            header?: {
                /** @description ETag of the copy at hand; 304 when it is still right. */
                "If-None-Match"?: components["parameters"]["ifNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BuildList"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            503: components["responses"]["Unavailable"];
        };
    };
    createBuild: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BuildCreate"];
            };
        };
        responses: {
            /** @description It was there already, with the same content. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BuildDetail"];
                };
            };
            /** @description Made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BuildDetail"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["Unsupported"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    getBuild: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the copy at hand; 304 when it is still right. */
                "If-None-Match"?: components["parameters"]["ifNoneMatch"];
            };
            path: {
                /** @description Identity of the row. */
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The row. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BuildDetail"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            503: components["responses"]["Unavailable"];
        };
    };
    addImages: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identity of the row. */
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ImagesCreate"];
            };
        };
        responses: {
            /** @description Registered. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImagesResult"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["Unsupported"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    getReport: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the copy at hand; 304 when it is still right. */
                "If-None-Match"?: components["parameters"]["ifNoneMatch"];
            };
            path: {
                /** @description Identity of the row. */
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The row. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Report"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            503: components["responses"]["Unavailable"];
        };
    };
    listMachines: {
        parameters: {
            query?: {
                /** @description Rows of one page. */
                limit?: components["parameters"]["limit"];
                /** @description `next` of the page before. */
                cursor?: components["parameters"]["cursor"];
                /** @description Only of this project. */
                project?: components["parameters"]["project"];
                /** @description Only of this build. */
                build?: components["parameters"]["build"];
                /** @description Only of this finding. */
                finding?: components["parameters"]["finding"];
                /** @description Only rows whose name holds this text; case does not matter. */
                q?: components["parameters"]["q"];
            };
            header?: {
                /** @description ETag of the copy at hand; 304 when it is still right. */
                "If-None-Match"?: components["parameters"]["ifNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MachineList"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            503: components["responses"]["Unavailable"];
        };
    };
    getMachine: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the copy at hand; 304 when it is still right. */
                "If-None-Match"?: components["parameters"]["ifNoneMatch"];
            };
            path: {
                /** @description Identity of the row. */
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The row. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MachineDetail"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            503: components["responses"]["Unavailable"];
        };
    };
    listRuns: {
        parameters: {
            query?: {
                /** @description Rows of one page. */
                limit?: components["parameters"]["limit"];
                /** @description `next` of the page before. */
                cursor?: components["parameters"]["cursor"];
                /** @description Only of this project. */
                project?: components["parameters"]["project"];
                /** @description Only of this build. */
                build?: components["parameters"]["build"];
                /** @description Only of this machine. */
                machine?: components["parameters"]["machine"];
            };
            header?: {
                /** @description ETag of the copy at hand; 304 when it is still right. */
                "If-None-Match"?: components["parameters"]["ifNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunList"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            503: components["responses"]["Unavailable"];
        };
    };
    getRun: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the copy at hand; 304 when it is still right. */
                "If-None-Match"?: components["parameters"]["ifNoneMatch"];
            };
            path: {
                /** @description Identity of the row. */
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The row. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunDetail"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            503: components["responses"]["Unavailable"];
        };
    };
    listFindings: {
        parameters: {
            query?: {
                /** @description Rows of one page. */
                limit?: components["parameters"]["limit"];
                /** @description `next` of the page before. */
                cursor?: components["parameters"]["cursor"];
                /** @description Only of this project. */
                project?: components["parameters"]["project"];
                /** @description Only of this build. */
                build?: components["parameters"]["build"];
                /** @description own: of the build's driver. other: every one that is not own. loaded: the build's driver was loaded. Needs `build`. */
                role?: components["parameters"]["role"];
                /** @description Only of this kind. */
                kind?: components["parameters"]["kind"];
                /** @description Only of the driver with this name; case does not matter. */
                driver?: components["parameters"]["driver"];
                /** @description Only of this machine. */
                machine?: components["parameters"]["machine"];
                /** @description Only own findings that are new with the build. Needs `build`. */
                new?: "1";
                /** @description Only in this state. */
                triage?: components["schemas"]["Triage"];
                /** @description closed: put aside as false_positive or wont_fix; open: all the others. */
                state?: "open" | "closed";
                /** @description Only rows whose name holds this text; case does not matter. */
                q?: components["parameters"]["q"];
                /** @description Newest evidence, most occurrences, or newest row first. The first two move a row that is met again; only `created` gives every row once however long a walk takes. */
                sort?: "last_seen" | "occurrences" | "created";
            };
            header?: {
                /** @description ETag of the copy at hand; 304 when it is still right. */
                "If-None-Match"?: components["parameters"]["ifNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FindingList"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            503: components["responses"]["Unavailable"];
        };
    };
    getFinding: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the copy at hand; 304 when it is still right. */
                "If-None-Match"?: components["parameters"]["ifNoneMatch"];
            };
            path: {
                /** @description Identity of the row. */
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The row. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FindingDetail"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            503: components["responses"]["Unavailable"];
        };
    };
    listOccurrences: {
        parameters: {
            query?: {
                /** @description Rows of one page. */
                limit?: components["parameters"]["limit"];
                /** @description `next` of the page before. */
                cursor?: components["parameters"]["cursor"];
                /** @description Only of this project. */
                project?: components["parameters"]["project"];
                /** @description Only of this finding. */
                finding?: components["parameters"]["finding"];
                /** @description Only of this build. */
                build?: components["parameters"]["build"];
                /** @description Only of this machine. */
                machine?: components["parameters"]["machine"];
                /** @description Only of this run. */
                run?: components["parameters"]["run"];
                /** @description own: of the build's driver. other: every one that is not own. loaded: the build's driver was loaded. Needs `build`. */
                role?: components["parameters"]["role"];
                /** @description Only of this kind. */
                kind?: components["parameters"]["kind"];
                /** @description Only attributed this way; none = without a build. */
                attribution?: components["schemas"]["Attribution"];
            };
            header?: {
                /** @description ETag of the copy at hand; 304 when it is still right. */
                "If-None-Match"?: components["parameters"]["ifNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OccurrenceList"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            503: components["responses"]["Unavailable"];
        };
    };
    getOccurrence: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the copy at hand; 304 when it is still right. */
                "If-None-Match"?: components["parameters"]["ifNoneMatch"];
            };
            path: {
                /** @description Identity of the row. */
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The row. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OccurrenceDetail"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            503: components["responses"]["Unavailable"];
        };
    };
    decodeBugcheck: {
        parameters: {
            query: {
                /** @description Bug check code, 0x and hexadecimal digits, or decimal. */
                code: string;
                /** @description Parameter 1, as the code; unknown when left out. */
                p1?: string;
                /** @description Parameter 2, as the code; unknown when left out. */
                p2?: string;
                /** @description Parameter 3, as the code; unknown when left out. */
                p3?: string;
                /** @description Parameter 4, as the code; unknown when left out. */
                p4?: string;
                /** @description Windows build, to choose among readings. */
                os_build?: number;
            };
            header?: {
                /** @description ETag of the copy at hand; 304 when it is still right. */
                "If-None-Match"?: components["parameters"]["ifNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is known. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DecodedBugcheck"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    decodeFlags: {
        parameters: {
            query: {
                /** @description Flags, 0x and hexadecimal digits, or decimal. */
                mask: string;
                /** @description Windows version that standard and volatile are about. */
                windows?: "xp" | "vista" | "7" | "8" | "8.1" | "10" | "11";
            };
            header?: {
                /** @description ETag of the copy at hand; 304 when it is still right. */
                "If-None-Match"?: components["parameters"]["ifNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is known. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DecodedFlags"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    getCatalog: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the copy at hand; 304 when it is still right. */
                "If-None-Match"?: components["parameters"]["ifNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The row. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Catalog"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            503: components["responses"]["Unavailable"];
        };
    };
    enroll: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Enroll"];
            };
        };
        responses: {
            /** @description Enrolled. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Enrolled"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["Unsupported"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooMany"];
            503: components["responses"]["Unavailable"];
        };
    };
    heartbeat: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Heartbeat"];
            };
        };
        responses: {
            /** @description Heard. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HeartbeatAnswer"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["Unsupported"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    ingest: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-ndjson": string;
            };
        };
        responses: {
            /** @description Committed up to acked_seq. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IngestAnswer"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["Unsupported"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    importCrash: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CrashImport"];
            };
        };
        responses: {
            /** @description It was there already. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CrashImported"];
                };
            };
            /** @description Stored. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CrashImported"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["Unsupported"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    listDumps: {
        parameters: {
            query?: {
                /** @description Rows of one page. */
                limit?: components["parameters"]["limit"];
                /** @description `next` of the page before. */
                cursor?: components["parameters"]["cursor"];
                /** @description Only of this project. */
                project?: components["parameters"]["project"];
                /** @description Only read by a decoder older than this version. */
                decoder_below?: number;
            };
            header?: {
                /** @description ETag of the copy at hand; 304 when it is still right. */
                "If-None-Match"?: components["parameters"]["ifNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DumpList"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            503: components["responses"]["Unavailable"];
        };
    };
    downloadDump: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description SHA-256 of the raw dump. */
                sha256: components["parameters"]["sha256"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file, as an attachment. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            503: components["responses"]["Unavailable"];
        };
    };
    deleteDump: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description SHA-256 of the raw dump. */
                sha256: components["parameters"]["sha256"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            503: components["responses"]["Unavailable"];
        };
    };
    getUpload: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the copy at hand; 304 when it is still right. */
                "If-None-Match"?: components["parameters"]["ifNoneMatch"];
            };
            path: {
                /** @description SHA-256 of the raw dump. */
                sha256: components["parameters"]["sha256"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The state of the upload. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DumpUpload"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            503: components["responses"]["Unavailable"];
        };
    };
    putUpload: {
        parameters: {
            query: {
                /** @description Where the part begins; must equal `received`. */
                offset: number;
                /** @description Bytes of the whole dump. */
                size: number;
            };
            header?: never;
            path: {
                /** @description SHA-256 of the raw dump. */
                sha256: components["parameters"]["sha256"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description The state after this part. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DumpUpload"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["Unsupported"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    putDecoded: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description SHA-256 of the raw dump. */
                sha256: components["parameters"]["sha256"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DumpDecoded"];
            };
        };
        responses: {
            /** @description Replaced. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DumpRedecoded"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["Unsupported"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    listChanges: {
        parameters: {
            query?: {
                /** @description `next` of the answer before; left out: from now on. */
                since?: components["schemas"]["Cursor"];
                /** @description Seconds to wait for a change. Only 0 is accepted. */
                wait?: number;
                /** @description Rows of one page. */
                limit?: components["parameters"]["limit"];
            };
            header?: {
                /** @description ETag of the copy at hand; 304 when it is still right. */
                "If-None-Match"?: components["parameters"]["ifNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Changes in order. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Changes"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            503: components["responses"]["Unavailable"];
        };
    };
    listTokens: {
        parameters: {
            query?: {
                /** @description Rows of one page. */
                limit?: components["parameters"]["limit"];
                /** @description `next` of the page before. */
                cursor?: components["parameters"]["cursor"];
            };
            header?: {
                /** @description ETag of the copy at hand; 304 when it is still right. */
                "If-None-Match"?: components["parameters"]["ifNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenList"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            503: components["responses"]["Unavailable"];
        };
    };
    createToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TokenCreate"];
            };
        };
        responses: {
            /** @description Made; the secret is shown this once. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenCreated"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["Unsupported"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    revokeToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identity of the row. */
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Revoked. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            503: components["responses"]["Unavailable"];
        };
    };
    listEnrollTokens: {
        parameters: {
            query?: {
                /** @description Rows of one page. */
                limit?: components["parameters"]["limit"];
                /** @description `next` of the page before. */
                cursor?: components["parameters"]["cursor"];
                /** @description Only of this project. */
                project?: components["parameters"]["project"];
            };
            header?: {
                /** @description ETag of the copy at hand; 304 when it is still right. */
                "If-None-Match"?: components["parameters"]["ifNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnrollTokenList"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            503: components["responses"]["Unavailable"];
        };
    };
    createEnrollToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EnrollTokenCreate"];
            };
        };
        responses: {
            /** @description Made; the secret is shown this once. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnrollTokenCreated"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["Unsupported"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    revokeEnrollToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identity of the row. */
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Revoked. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            503: components["responses"]["Unavailable"];
        };
    };
    listAudit: {
        parameters: {
            query?: {
                /** @description Rows of one page. */
                limit?: components["parameters"]["limit"];
                /** @description `next` of the page before. */
                cursor?: components["parameters"]["cursor"];
                /** @description Only this action. */
                action?: string;
                /** @description Only by the actor with this name. */
                actor?: components["schemas"]["Name"];
                /** @description Only about objects of this kind. */
                object_kind?: string;
                /** @description Only about this object. */
                object_id?: string;
            };
            header?: {
                /** @description ETag of the copy at hand; 304 when it is still right. */
                "If-None-Match"?: components["parameters"]["ifNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditEventList"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            503: components["responses"]["Unavailable"];
        };
    };
    listRejected: {
        parameters: {
            query?: {
                /** @description Rows of one page. */
                limit?: components["parameters"]["limit"];
                /** @description `next` of the page before. */
                cursor?: components["parameters"]["cursor"];
                /** @description Only of this project. */
                project?: components["parameters"]["project"];
                /** @description Only of this machine. */
                machine?: components["parameters"]["machine"];
            };
            header?: {
                /** @description ETag of the copy at hand; 304 when it is still right. */
                "If-None-Match"?: components["parameters"]["ifNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RejectedList"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            503: components["responses"]["Unavailable"];
        };
    };
}
