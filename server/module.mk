# The keeping side: verifleetd and its administration subcommands.
.PHONY: server

$(foreach l,runtime domain store ingest api http cluster admin,$(eval $(call vf_lib,server_$(l),server/$(l))))
SERVER_MAIN_OBJ := $(patsubst %.c,$(B)/%.o,$(sort $(wildcard server/*.c)))
OBJ += $(SERVER_MAIN_OBJ)

PQ_CFLAGS := -I$(shell pg_config --includedir 2>/dev/null || echo /usr/include/postgresql)
$(server_store_OBJ): CFLAGS_EXTRA += $(PQ_CFLAGS)

SERVER_ARCHIVES := $(patsubst %,$(B)/libserver_%.a,admin http api ingest cluster store domain runtime)
SERVER_LIBS     := -lmicrohttpd -ljansson -lpq -lsodium -lgnutls -lz -lm

$(BIN)/verifleetd: $(SERVER_MAIN_OBJ) $(SERVER_ARCHIVES)
	@mkdir -p $(@D)
	$(call say,LD,$@)$(CC) $(LDFLAGS) -o $@ $(SERVER_MAIN_OBJ) $(SERVER_ARCHIVES) $(SERVER_LIBS)

server: $(BIN)/verifleetd ## Build verifleetd
