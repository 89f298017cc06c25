# The evidence side: what runs on a test machine (verifleet-agent) and for people and CI (verifleet).
.PHONY: agent cli

$(foreach l,core dump wire posix sim,$(eval $(call vf_lib,agent_$(l),agent/$(l))))
AGENT_MAIN_OBJ := $(patsubst %.c,$(B)/%.o,$(sort $(wildcard agent/service/*.c)))
CLI_MAIN_OBJ   := $(patsubst %.c,$(B)/%.o,$(sort $(wildcard agent/cli/*.c)))
OBJ += $(AGENT_MAIN_OBJ) $(CLI_MAIN_OBJ)

# Order of linking: users before what they use.
AGENT_ARCHIVES := $(patsubst %,$(B)/libagent_%.a,sim posix wire dump core)
AGENT_LIBS     := -lcurl-gnutls -lgnutls -ljansson -lz -lm

$(BIN)/verifleet-agent: $(AGENT_MAIN_OBJ) $(AGENT_ARCHIVES)
	@mkdir -p $(@D)
	$(call say,LD,$@)$(CC) $(LDFLAGS) -o $@ $^ $(AGENT_LIBS)
$(BIN)/verifleet: $(CLI_MAIN_OBJ) $(AGENT_ARCHIVES)
	@mkdir -p $(@D)
	$(call say,LD,$@)$(CC) $(LDFLAGS) -o $@ $^ $(AGENT_LIBS)

agent: $(BIN)/verifleet-agent ## Build verifleet-agent
cli: $(BIN)/verifleet ## Build the verifleet command line
