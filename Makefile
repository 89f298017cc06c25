# Verifleet. `make help` lists the targets; README.md says what they are for.
#
# MODE=debug|release     how to compile; SANITIZE=address,undefined adds sanitizers; CC=clang works.
# Only the default variant fills build/bin; every other one lies in build/<variant>/bin.

comma    := ,
MODE     ?= debug
SANITIZE ?=
VARIANT  := $(MODE)$(if $(SANITIZE),-$(subst $(comma),+,$(SANITIZE)))$(if $(findstring clang,$(CC)),-clang)
B        := build/$(VARIANT)
BIN      := $(if $(filter debug,$(VARIANT)),build/bin,$(B)/bin)

CFLAGS_debug   := -Og -g3
CFLAGS_release := -O2 -g -D_FORTIFY_SOURCE=2 -ffile-prefix-map=$(CURDIR)=.
WARNFLAGS := -Wall -Wextra -Wpedantic -Wshadow -Wvla -Wstrict-prototypes -Wmissing-prototypes \
	-Wwrite-strings -Wformat=2 -Wpointer-arith -Wundef -Wno-missing-field-initializers -Werror
SANFLAGS  := $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer)
CPPFLAGS  += -D_GNU_SOURCE -Iinclude -I. -include verifleet/banned.h
CFLAGS    += $(CFLAGS_$(MODE)) -std=gnu11 $(WARNFLAGS) -fstack-protector-strong -pthread $(SANFLAGS)
LDFLAGS   += $(SANFLAGS) -pthread
ARFLAGS   := rcsD
CORES     := $(shell nproc)

.DEFAULT_GOAL := all
.PHONY: all run demo-remove uninstall FORCE help clean
.SECONDARY:
.DELETE_ON_ERROR:

# A folder of C sources becomes one archive: $(call vf_lib,name,folder). Its objects join OBJ.
OBJ :=
define vf_lib
$(1)_OBJ := $$(patsubst %.c,$$(B)/%.o,$$(sort $$(wildcard $(2)/*.c)))
OBJ += $$($(1)_OBJ)
$$(B)/lib$(1).a: $$($(1)_OBJ)
	@mkdir -p $$(@D) && rm -f $$@
	$$(Q)$$(AR) $$(ARFLAGS) $$@ $$($(1)_OBJ)
endef

# V=1 shows whole command lines.
Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-5s %s\n' '$(1)' '$(2)';)

include agent/module.mk
include server/module.mk
include web/module.mk
include tests/module.mk

all: agent server cli web ## Build every program and the web bundle

run: ## Install what is missing, build, start the server and a simulated lab (PORT=8080 DEMO=1 YES=)
	@server/dist/run.sh
demo-remove: ## Remove everything that the simulated lab made
	@server/dist/demo-remove.sh
uninstall: ## Remove the data and the services, after asking
	@server/dist/uninstall.sh

$(B)/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(CPPFLAGS) $(CFLAGS) $(CFLAGS_EXTRA) -MMD -MP -c -o $@ $<
$(B)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(CPPFLAGS) $(CFLAGS)' | cmp -s - $@ || echo '$(CC) $(CPPFLAGS) $(CFLAGS)' > $@

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(filter-out %.d,$(MAKEFILE_LIST)) | sort | awk -F ':.*## ' '{printf "  %-14s %s\n", $$1, $$2}'

clean: ## Remove everything that was built (never data)
	rm -rf build web/dist

-include $(OBJ:.o=.d)
