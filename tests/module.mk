# Unit tests: one cmocka program a file, linked with the archives of its side.
.PHONY: check-unit check-decode check lint test

UNIT_AGENT  := $(sort $(wildcard tests/unit/agent/*_test.c))
UNIT_SERVER := $(sort $(wildcard tests/unit/server/*_test.c))
TEST_SUPPORT_OBJ := $(patsubst %.c,$(B)/%.o,$(sort $(wildcard tests/support/*.c)))
OBJ += $(patsubst %.c,$(B)/%.o,$(UNIT_AGENT) $(UNIT_SERVER)) $(TEST_SUPPORT_OBJ)
UNIT_BIN := $(patsubst tests/%.c,$(B)/tests/%,$(UNIT_AGENT) $(UNIT_SERVER))

$(B)/tests/unit/agent/%: $(B)/tests/unit/agent/%.o $(TEST_SUPPORT_OBJ) $(AGENT_ARCHIVES)
	@mkdir -p $(@D)
	$(call say,LD,$@)$(CC) $(LDFLAGS) -o $@ $^ -lcmocka $(AGENT_LIBS)
$(B)/tests/unit/server/%: $(B)/tests/unit/server/%.o $(TEST_SUPPORT_OBJ) $(B)/server/config.o $(SERVER_ARCHIVES)
	@mkdir -p $(@D)
	$(call say,LD,$@)$(CC) $(LDFLAGS) -o $@ $^ -lcmocka $(SERVER_LIBS)

# Memory that runs out is tried out by leading the allocator's calls to the test.
$(B)/tests/unit/agent/dump_memory_test: LDFLAGS += -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=strdup

# Against a real PostgreSQL: pgTAP files, and programs that call handlers without sockets.
DB_TESTS := $(patsubst tests/%.c,$(B)/tests/%,$(sort $(wildcard tests/db/*_test.c)))
DB_SUPPORT_OBJ := $(B)/tests/db/fixture.o $(B)/tests/db/batch.o
OBJ += $(patsubst %.c,$(B)/%.o,$(wildcard tests/db/*.c))
$(B)/tests/db/%_test: $(B)/tests/db/%_test.o $(DB_SUPPORT_OBJ) $(SERVER_ARCHIVES)
	@mkdir -p $(@D)
	$(call say,LD,$@)$(CC) $(LDFLAGS) -o $@ $< $(DB_SUPPORT_OBJ) $(SERVER_ARCHIVES) -lcmocka $(SERVER_LIBS)

.PHONY: check-db
check-db: $(DB_TESTS) ## Test the database and what writes it on a throw-away PostgreSQL
	@tests/db/run.sh $(DB_TESTS)

# Both ends of a contract: a program that asks the handlers, and scripts that compare.
OBJ += $(B)/tests/contract/decode_api.o
$(B)/tests/contract/decode_api: $(B)/tests/contract/decode_api.o $(SERVER_ARCHIVES)
	@mkdir -p $(@D)
	$(call say,LD,$@)$(CC) $(LDFLAGS) -o $@ $< $(SERVER_ARCHIVES) $(SERVER_LIBS)

check-decode: cli $(B)/tests/contract/decode_api ## Compare decoding on the command line and in the API
	@VF_CLI=$(BIN)/verifleet VF_DECODE_API=$(B)/tests/contract/decode_api \
		node --test --test-reporter=tap tests/contract/decode.test.mjs tests/contract/decode_text.test.mjs

.PHONY: check-contract
check-contract: server web/node_modules/.verifleet-lock ## Hold a real server against openapi.json
	@node --test --test-reporter=tap tests/contract/api/api.test.mjs tests/contract/plans.test.mjs

OBJ += $(B)/tests/contract/wire_write.o $(B)/tests/contract/wire_read.o
$(B)/tests/contract/wire_write: $(B)/tests/contract/wire_write.o $(AGENT_ARCHIVES)
	@mkdir -p $(@D)
	$(call say,LD,$@)$(CC) $(LDFLAGS) -o $@ $< $(AGENT_ARCHIVES) $(AGENT_LIBS)
$(B)/tests/contract/wire_read: $(B)/tests/contract/wire_read.o $(SERVER_ARCHIVES)
	@mkdir -p $(@D)
	$(call say,LD,$@)$(CC) $(LDFLAGS) -o $@ $< $(SERVER_ARCHIVES) $(SERVER_LIBS)

.PHONY: check-wire
check-wire: $(B)/tests/contract/wire_write $(B)/tests/contract/wire_read ## Compare both ends of the wire
	@VF_WIRE_WRITE=$(B)/tests/contract/wire_write VF_WIRE_READ=$(B)/tests/contract/wire_read \
		node --test --test-reporter=tap tests/contract/wire.test.mjs

check-unit: $(UNIT_BIN) ## Run the unit tests
	@tests/run-unit.sh $(UNIT_BIN)

# Fuzzing: one program a target. Its corpus is replayed without libFuzzer in `make check`.
.PHONY: check-corpora fuzz-dump fuzz-corpus-dump
FUZZ_DUMP_SRC := tests/fuzz/fuzz_dump.c $(sort $(wildcard agent/dump/*.c agent/sim/dump*.c)) agent/wire/dump_json.c \
	agent/core/catalog.c agent/core/status.c
FUZZ_FLAGS    := -g -O1 -std=gnu11 -fno-omit-frame-pointer -fsanitize=fuzzer,address,undefined \
	-fno-sanitize-recover=all
FUZZ_CORPUS_DUMP := $(sort $(wildcard tests/fuzz/corpora/dump/*))
OBJ += $(B)/tests/fuzz/fuzz_dump.o $(B)/tests/fuzz/replay.o $(B)/tests/fuzz/make_corpus_dump.o
SECONDS ?= 60

$(B)/tests/fuzz/replay_dump: $(B)/tests/fuzz/fuzz_dump.o $(B)/tests/fuzz/replay.o $(AGENT_ARCHIVES)
	$(call say,LD,$@)$(CC) $(LDFLAGS) -o $@ $^ $(AGENT_LIBS)
$(B)/tests/fuzz/make_corpus_dump: $(B)/tests/fuzz/make_corpus_dump.o $(AGENT_ARCHIVES)
	$(call say,LD,$@)$(CC) $(LDFLAGS) -o $@ $^ $(AGENT_LIBS)

FUZZ_AGENT_SRC := $(addprefix agent/core/,buf.c crc32c.c segment.c watermark.c spool.c spool_open.c spool_read.c \
	config.c events.c pe.c rfc3339.c status.c)
FUZZ_AGENT := spool config
OBJ += $(FUZZ_AGENT:%=$(B)/tests/fuzz/fuzz_%.o)
$(FUZZ_AGENT:%=$(B)/tests/fuzz/replay_%): $(B)/tests/fuzz/replay_%: $(B)/tests/fuzz/fuzz_%.o $(B)/tests/fuzz/replay.o $(AGENT_ARCHIVES)
	$(call say,LD,$@)$(CC) $(LDFLAGS) -o $@ $^ $(AGENT_LIBS)
$(FUZZ_AGENT:%=build/fuzz/fuzz_%): build/fuzz/fuzz_%: tests/fuzz/fuzz_%.c tests/unit/agent/memfs.h $(FUZZ_AGENT_SRC) $(wildcard agent/core/*.h)
	@mkdir -p $(@D)
	$(call say,FUZZ,$@)clang $(CPPFLAGS) $(FUZZ_FLAGS) -o $@ $< $(FUZZ_AGENT_SRC) -ljansson
.PHONY: fuzz-spool fuzz-config
fuzz-spool fuzz-config: fuzz-%: build/fuzz/fuzz_%
	@mkdir -p build/fuzz/$*
	build/fuzz/fuzz_$* -max_total_time=$(SECONDS) -max_len=8192 -timeout=5 -rss_limit_mb=1024 \
		-artifact_prefix=build/fuzz/ -print_final_stats=1 build/fuzz/$* tests/fuzz/corpora/$*

check-corpora: $(FUZZ_AGENT:%=$(B)/tests/fuzz/replay_%)
check-corpora: $(B)/tests/fuzz/replay_dump $(B)/tests/fuzz/replay_ingest ## Replay every fuzz corpus
	@$(B)/tests/fuzz/replay_spool $(sort $(wildcard tests/fuzz/corpora/spool/*))
	@$(B)/tests/fuzz/replay_config $(sort $(wildcard tests/fuzz/corpora/config/*))
	@$(B)/tests/fuzz/replay_dump $(FUZZ_CORPUS_DUMP)
	@$(B)/tests/fuzz/replay_ingest $(FUZZ_CORPUS_INGEST)

FUZZ_INGEST_SRC := tests/fuzz/fuzz_ingest.c $(addprefix server/ingest/,plain.c member.c decode.c crash.c) \
	$(sort $(wildcard server/domain/*.c)) $(addprefix server/runtime/,arena.c hash.c hex.c rfc3339.c status.c)
FUZZ_CORPUS_INGEST := $(sort $(wildcard tests/fuzz/corpora/ingest/*))
OBJ += $(B)/tests/fuzz/fuzz_ingest.o
$(B)/tests/fuzz/replay_ingest: $(B)/tests/fuzz/fuzz_ingest.o $(B)/tests/fuzz/replay.o $(SERVER_ARCHIVES)
	$(call say,LD,$@)$(CC) $(LDFLAGS) -o $@ $^ $(SERVER_LIBS)

build/fuzz/fuzz_ingest: $(FUZZ_INGEST_SRC) $(wildcard server/ingest/*.h server/domain/*.h include/verifleet/*.h)
	@mkdir -p $(@D)
	$(call say,FUZZ,$@)clang $(CPPFLAGS) $(FUZZ_FLAGS) -o $@ $(FUZZ_INGEST_SRC) -ljansson -lz -lsodium

.PHONY: fuzz-ingest
fuzz-ingest: build/fuzz/fuzz_ingest ## Fuzz the reader of agents' batches for SECONDS (60)
	@mkdir -p build/fuzz/ingest
	build/fuzz/fuzz_ingest -max_total_time=$(SECONDS) -max_len=32768 -timeout=5 -rss_limit_mb=1024 \
		-dict=tests/fuzz/ingest.dict -artifact_prefix=build/fuzz/ -print_final_stats=1 \
		build/fuzz/ingest tests/fuzz/corpora/ingest

.PHONY: fuzz
fuzz: fuzz-dump fuzz-ingest fuzz-spool fuzz-config ## Fuzz everything that reads foreign bytes, SECONDS (60) each

fuzz-corpus-dump: $(B)/tests/fuzz/make_corpus_dump ## Write the seeds of the dump corpus anew
	@$(B)/tests/fuzz/make_corpus_dump tests/fuzz/corpora/dump

build/fuzz/fuzz_dump: $(FUZZ_DUMP_SRC) $(wildcard agent/dump/*.h include/verifleet/*.h)
	@mkdir -p $(@D)
	$(call say,FUZZ,$@)clang $(CPPFLAGS) $(FUZZ_FLAGS) -o $@ $(FUZZ_DUMP_SRC) -ljansson

# What it learns stays in build/; an input that fails is written there too.
fuzz-dump: build/fuzz/fuzz_dump ## Fuzz the dump reader for SECONDS (60)
	@mkdir -p build/fuzz/dump
	build/fuzz/fuzz_dump -max_total_time=$(SECONDS) -max_len=32768 -timeout=5 -rss_limit_mb=1024 \
		-dict=tests/fuzz/dump.dict -artifact_prefix=build/fuzz/ -print_final_stats=1 \
		build/fuzz/dump tests/fuzz/corpora/dump

# The portable part of the agent compiled for Windows. jansson's headers do not depend on the system; what they
# declare is not linked here. No -fdata-sections: mingw would write zeroed memory into the file.
.PHONY: win-check
WIN_CC    := x86_64-w64-mingw32-gcc
WIN_FLAGS := -O2 -g -std=gnu11 $(WARNFLAGS) -D__USE_MINGW_ANSI_STDIO=1 \
	-Iinclude -I. -Ibuild/win/include -include verifleet/banned.h
WIN_OBJ   := $(patsubst %.c,build/win/%.o,$(sort $(wildcard agent/core/*.c agent/dump/*.c agent/wire/*.c)))
WIN_LINK  := $(patsubst %.c,build/win/%.o,tests/win/read_dump.c $(sort $(wildcard agent/dump/*.c)) \
	agent/core/catalog.c agent/core/status.c)
JANSSON_H := $(firstword $(wildcard /usr/include/jansson.h /usr/include/*/jansson.h))
JANSSON_C := $(firstword $(wildcard /usr/include/jansson_config.h /usr/include/*/jansson_config.h))

build/win/include/jansson.h: $(JANSSON_H) $(JANSSON_C)
	@mkdir -p $(@D)
	@cp $^ $(@D)/
build/win/%.o: %.c build/win/include/jansson.h
	@mkdir -p $(@D)
	$(call say,WIN,$<)$(WIN_CC) $(WIN_FLAGS) -MMD -MP -c -o $@ $<
build/win/read_dump.exe: $(WIN_LINK)
	$(call say,WIN,$@)$(WIN_CC) -static -Wl,--no-insert-timestamp -o $@ $^
-include $(WIN_OBJ:.o=.d)

win-check: $(WIN_OBJ) build/win/read_dump.exe ## Cross-compile the portable part of the agent for Windows
	@echo "ok: agent/core, agent/dump and agent/wire compile for Windows, read_dump.exe links"

# KILLS= how often; SEED= the same kills again.
.PHONY: faults check-mutants
faults: agent server ## Kill agents, server and PostgreSQL under traffic, then count (KILLS=20)
	@node tests/faults/run.mjs $(or $(KILLS),20)
check-mutants: ## Break the spool in one way after the other and see that its tests notice
	@tests/unit/agent/spool_mutants.sh

# Benchmarks print one JSON object each.
.PHONY: bench bench-dump bench-dump-program
OBJ += $(B)/tests/bench/bench_dump.o
$(B)/tests/bench/bench_dump: $(B)/tests/bench/bench_dump.o $(AGENT_ARCHIVES)
	$(call say,LD,$@)$(CC) $(LDFLAGS) -o $@ $^ $(AGENT_LIBS)
bench-dump-program: $(B)/tests/bench/bench_dump
bench-dump: $(B)/tests/bench/bench_dump ## Dumps decoded per second
	@$(B)/tests/bench/bench_dump

.PHONY: format
format: ## Let clang-format lay out every C source
	@tests/lint/format.sh fix

lint: ## Include directions, banned calls, headers that stand alone
	@tests/lint/layers.sh
	@tests/lint/headers.sh
	@tests/lint/catalog_freeze.sh

check: all ## The fast part of the tests
	@node tests/run.mjs check

bench: ## Measure, and print one JSON document (standard output) of ratios and figures
	@$(MAKE) -s web >&2
	@$(MAKE) -s -j$(CORES) MODE=release cli agent server bench-dump-program >&2
	@node tests/bench/run.mjs

test: ## Every test, after installing what the tests need
	@server/dist/setup.sh test
	@$(MAKE) --no-print-directory -j$(CORES) all
	@node tests/run.mjs test
