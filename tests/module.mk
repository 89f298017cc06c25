# Unit tests: one cmocka program a file, linked with the archives of its side.
.PHONY: check-unit check lint test

UNIT_AGENT  := $(sort $(wildcard tests/unit/agent/*_test.c))
UNIT_SERVER := $(sort $(wildcard tests/unit/server/*_test.c))
TEST_SUPPORT_OBJ := $(patsubst %.c,$(B)/%.o,$(sort $(wildcard tests/support/*.c)))
OBJ += $(patsubst %.c,$(B)/%.o,$(UNIT_AGENT) $(UNIT_SERVER)) $(TEST_SUPPORT_OBJ)
UNIT_BIN := $(patsubst tests/%.c,$(B)/tests/%,$(UNIT_AGENT) $(UNIT_SERVER))

$(B)/tests/unit/agent/%: $(B)/tests/unit/agent/%.o $(TEST_SUPPORT_OBJ) $(AGENT_ARCHIVES)
	@mkdir -p $(@D)
	$(call say,LD,$@)$(CC) $(LDFLAGS) -o $@ $^ -lcmocka $(AGENT_LIBS)
$(B)/tests/unit/server/%: $(B)/tests/unit/server/%.o $(TEST_SUPPORT_OBJ) $(SERVER_ARCHIVES)
	@mkdir -p $(@D)
	$(call say,LD,$@)$(CC) $(LDFLAGS) -o $@ $< $(TEST_SUPPORT_OBJ) $(SERVER_ARCHIVES) -lcmocka $(SERVER_LIBS)

# Memory that runs out is tried out by leading the allocator's calls to the test.
$(B)/tests/unit/agent/dump_memory_test: LDFLAGS += -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=strdup

check-unit: $(UNIT_BIN) ## Run the unit tests
	@tests/run-unit.sh $(UNIT_BIN)

lint: ## Include directions, banned calls, headers that stand alone
	@tests/lint/layers.sh
	@tests/lint/headers.sh
	@tests/lint/catalog_freeze.sh

check: all ## The fast part of the tests
	@node tests/run.mjs check

test: ## Every test, after installing what the tests need
	@server/dist/setup.sh test
	@$(MAKE) --no-print-directory -j$(CORES) all
	@node tests/run.mjs test
