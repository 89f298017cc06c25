/*
 * One thing of every shared module. build.mjs has the frame and each page import this file: the bundler
 * then puts all of them in one chunk, so that a page costs one request and not one for each mix of parts.
 */
import "./app.tsx";
import { useList } from "./api/resource.ts";
import { FilterRef } from "./parts/filterbar.tsx";
import { Missing } from "./parts/missing.tsx";
import { Plain } from "./parts/plain.tsx";
import { Table } from "./parts/table.tsx";
import { kindNames } from "./state/words.ts";

/* A call, because an unused value would be dropped together with its import. */
[useList, FilterRef, Missing, Plain, Table, kindNames].forEach(Boolean);
