# SPDX-License-Identifier: GPL-3.0-or-later
#
# ghostlight - one file, no recursion. Sources are found by wildcard, everything
# built lands in build/. A new probe, driver, verb, view or migration is one new
# file: the tables in build/gen are written from the files that are there.
#
#   V=1                     show the commands
#   DEV=1                   warnings are errors
#   SAN=address,undefined   sanitizers, in a build folder of their own
#   LAYERS="base rig"       build only these folders of src/ (to work on a part)
#   BUILD=DIR               another build folder
#   T="test_rig rig.sh"     run only these tests

VERSION	:= 0.1.0

PREFIX	?= /usr/local
BINDIR	?= $(PREFIX)/bin
DATADIR	?= $(PREFIX)/share
MANDIR	?= $(DATADIR)/man
# udev looks below /usr, /usr/local, /etc and /run, and nowhere else.
UDEVDIR	?= $(PREFIX)/lib/udev/rules.d

CFLAGS	?= -O2 -g
PKG_CONFIG ?= pkg-config
AR	?= ar
NM	?= nm

comma	:= ,
BUILD	:= build$(if $(SAN),/san-$(subst $(comma),-,$(SAN)))
Q	:= $(if $(V),,@)
say	= @$(if $(V),:,printf '  %-5s %s\n' '$(1)' '$(2)')

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:

# ---- What is there ---------------------------------------------------------

LAYERS	:= base rig link driver measure judge store engine report ui cli
src	= $(foreach d,$(1),$(wildcard src/$(d)/*.c src/$(d)/*/*.c))
has	= $(filter $(1),$(LAYERS))

MAIN_SRC  := src/cli/main.c
SIM_MAIN  := src/sim/main.c
LIB_SRC	  := $(filter-out $(MAIN_SRC),$(call src,$(LAYERS)))
PROBE_SRC := $(if $(call has,engine),$(wildcard probes/*.c))
SIM_SRC	  := $(filter-out $(SIM_MAIN),$(call src,sim firmware/core))
UNIT_SRC  := $(wildcard tests/unit/test_*.c)
FUZZ_SRC  := $(wildcard tests/fuzz/*.c)
FAKE_SRC  := $(wildcard tests/fakes/*.c tests/fakes/*/*.c)
CLI_TESTS := $(wildcard tests/cli/*.sh tests/cli/*.py)
BENCH_RUN := $(wildcard tests/bench/*.sh tests/bench/*.py)

# A table is built as soon as the header that declares it exists.
table	= $(if $(call has,$(2)),$(if $(wildcard src/$(3)),$(BUILD)/gen/$(1).c))
GEN_SRC	:= $(strip $(call table,probes,engine,engine/probe.h) \
	$(call table,drivers,driver,driver/driver.h) \
	$(call table,verbs,cli,cli/verb.h) \
	$(call table,views,ui,ui/view.h) \
	$(call table,migrations,store,store/migration.h))

obj	= $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
GEN_OBJ	:= $(patsubst $(BUILD)/gen/%.c,$(BUILD)/obj/gen/%.o,$(GEN_SRC))
LIB_OBJ	:= $(call obj,$(LIB_SRC) $(PROBE_SRC)) $(GEN_OBJ)
SIM_OBJ	:= $(call obj,$(SIM_SRC))
# What ghostlight-sim takes from the rest: the foundations and the rig reader.
SIM_BASE_OBJ := $(call obj,$(call src,base rig))

UNIT_BIN := $(patsubst tests/%.c,$(BUILD)/tests/%,$(UNIT_SRC))
FUZZ_BIN := $(patsubst tests/%.c,$(BUILD)/tests/%,$(FUZZ_SRC))
PROGRAMS := $(if $(wildcard $(MAIN_SRC)),$(BUILD)/ghostlight) \
	$(if $(wildcard $(SIM_MAIN)),$(BUILD)/ghostlight-sim)

# ---- Libraries: one line naming the package, before anything compiles ------

LIBS	:= libserialport libusb-1.0 ncursesw sqlite3 gsl lcms2 inih jansson libmd
APT_libserialport := libserialport-dev
APT_libusb-1.0	:= libusb-1.0-0-dev
APT_ncursesw	:= libncurses-dev
APT_sqlite3	:= libsqlite3-dev
APT_gsl		:= libgsl-dev
APT_lcms2	:= liblcms2-dev
APT_inih	:= libinih-dev
APT_jansson	:= libjansson-dev
APT_libmd	:= libmd-dev
APT_cmocka	:= libcmocka-dev

# These goals compile nothing themselves; test, lint and demo install first.
NO_LIBS	:= help clean distclean install-deps new-probe new-driver uninstall \
	test test-usb fuzz lint demo bench bench-uno bench-worlds bench-faults soak soak-short coverage mutants golden avr-size %.elf format \
	lint-format lint-layers lint-size
TESTING	:= fuzz-build soak-build watched-build mutants-run test-build test-quick lint-all lint-build $(BUILD)/tests/%
ifneq ($(filter-out $(NO_LIBS),$(or $(MAKECMDGOALS),all)),)
ifeq ($(shell command -v $(PKG_CONFIG)),)
$(error pkg-config is missing: apt install pkg-config, or run scripts/install-deps)
endif
NEED	:= $(LIBS) $(if $(filter $(TESTING),$(MAKECMDGOALS)),cmocka)
ifneq ($(shell $(PKG_CONFIG) --exists $(NEED) && echo yes),yes)
LOST	:= $(strip $(foreach l,$(NEED),$(shell $(PKG_CONFIG) --exists $(l) || echo $(l))))
$(error missing $(LOST): apt install $(foreach l,$(LOST),$(APT_$(l))), or run scripts/install-deps)
endif
# Only the folders are taken: ncursesw would also set feature macros.
LIB_INC	:= $(patsubst -I%,-isystem %,$(shell $(PKG_CONFIG) --cflags-only-I $(LIBS)))
LIB_LD	:= $(shell $(PKG_CONFIG) --libs $(LIBS)) -lm
SIM_LD	:= $(shell $(PKG_CONFIG) --libs inih libmd) -lm
TEST_LD	:= -lcmocka $(shell $(PKG_CONFIG) --libs vterm 2>/dev/null)
BOARD_INC := $(patsubst -I%,-isystem %,$(shell $(PKG_CONFIG) --cflags-only-I simavr 2>/dev/null))
BOARD_LD  := $(shell $(PKG_CONFIG) --libs simavr 2>/dev/null) -lutil
HAVE_BOARD := $(shell $(PKG_CONFIG) --exists simavr 2>/dev/null && echo yes)
MACHINE	:= $(shell $(CC) -dumpmachine)
endif

# What needs an emulated board; the library and its tests need the compiler too.
ON_BOARD := board uno_driver worlds
BOARD_SRC := $(wildcard tests/boards/*.c)
AVR_TESTS := $(wildcard tests/avr/test_*.c)

BENCH_DIRS := $(patsubst tests/bench/%/,%,$(wildcard tests/bench/*/))
BENCH_DIRS := $(foreach d,$(BENCH_DIRS),$(if $(wildcard tests/bench/$(d)/*.c),$(d)))
BENCH_DIRS := $(if $(HAVE_BOARD),$(BENCH_DIRS),$(filter-out $(ON_BOARD),$(BENCH_DIRS)))
BENCH_BIN  := $(patsubst %,$(BUILD)/bench/%,$(BENCH_DIRS))
USB_BOARD  := $(if $(wildcard tests/usb/*.c),$(BUILD)/usb_board)

# The firmware for the emulated boards: board, chip, actuators, channels.
AVR_SRC	:= $(wildcard src/firmware/core/*.c src/firmware/avr/*.c)
AVR_BOARDS := $(if $(wildcard src/firmware/avr/*.c),$(if $(shell command -v avr-gcc),uno mega))
AVR_uno	:= -mmcu=atmega328p -DFW_ACTUATORS=2 -DFW_CHANNELS=12
AVR_mega := -mmcu=atmega2560 -DFW_ACTUATORS=6 -DFW_CHANNELS=24
AVR_BIN	:= $(if $(HAVE_BOARD),$(if $(AVR_BOARDS),$(patsubst tests/%.c,$(BUILD)/tests/%,$(AVR_TESTS))))
# Where they cannot be built, this says why: a skip is never silent.
AVR_RUN	= $(or $(AVR_BIN),tests/avr/missing.sh)
# Each of these makes it smaller; together 12 % of the flash.
AVR_FLAGS := -DF_CPU=16000000UL -Os -std=gnu11 -Wall -Wextra -Isrc -flto \
	-fno-fat-lto-objects -mcall-prologues -mrelax -fno-inline-small-functions \
	-fno-move-loop-invariants -fno-tree-scev-cprop -fno-split-wide-types \
	-ffunction-sections -fdata-sections -Wl,--gc-sections
# What a board has that was not flashed by scripts/flash-board.
AVR_ID_uno := 67686c7400000001
AVR_ID_mega := 67686c7400000002
AVR_ELF	:= $(patsubst %,$(BUILD)/firmware/%.elf,$(AVR_BOARDS))

# The core on QEMU's machines: a proof of portability, no board of ours. Three
# actuators is the least that has the buffers of the worked dialogue.
CORTEX_SRC := $(wildcard src/firmware/core/*.c) $(patsubst %,tests/cortex/%.c,main string fake)
CORTEX_MACHINES := $(if $(shell command -v arm-none-eabi-gcc),microbit mps2-an385)
CORTEX_microbit := -mcpu=cortex-m0
CORTEX_mps2-an385 := -mcpu=cortex-m3
CORTEX_ELF := $(patsubst %,$(BUILD)/firmware/%.elf,$(CORTEX_MACHINES))

# ---- Flags -----------------------------------------------------------------

WARN	:= -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wvla -Wwrite-strings -Wcast-qual -Wformat=2 \
	-Wundef -Wfloat-equal -Wswitch-enum
STD	:= -std=c11 -D_POSIX_C_SOURCE=200809L
HARDEN	:= -fPIE -fstack-protector-strong -fstack-clash-protection \
	$(if $(filter x86_64-% i%86-%,$(MACHINE)),-fcf-protection=full) \
	-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3
HARDEN_LD := -pie -Wl,-z,relro,-z,now
# At -O1 and above gcc may remove the very bug a sanitizer looks for.
SAN_LEVEL ?= -O0
SANITIZE := $(SAN_LEVEL) -g -fno-omit-frame-pointer -fsanitize=$(SAN) -fno-sanitize-recover=all

FLAGS	:= $(STD) -Isrc $(LIB_INC) $(WARN) $(CPPFLAGS) $(CFLAGS) \
	$(if $(SAN),$(SANITIZE),$(HARDEN)) -ffile-prefix-map=$(CURDIR)=.
STRICT	:= $(if $(DEV),-Werror)
LINK	:= $(if $(SAN),-fsanitize=$(SAN),$(HARDEN_LD)) -Wl,--as-needed $(CFLAGS) $(LDFLAGS)

compile	= $(CC) $(FLAGS) $(EXTRA) $(STRICT) -MMD -MP -c -o $@ $<

# ---- Build -----------------------------------------------------------------

.PHONY: all FORCE
all: $(PROGRAMS) ## build ghostlight and ghostlight-sim (the default)

# write-if-changed: the target is touched only when the text differs.
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' '$(CC) $(FLAGS) $(LINK) $(VERSION)' >$@.$$$$; \
	cmp -s $@.$$$$ $@ && rm -f $@.$$$$ || mv -f $@.$$$$ $@

# The list notices a file that went away: the archive must not keep its object.
$(BUILD)/objects: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' $(LIB_OBJ) -- $(SIM_OBJ) -- $(FAKE_SRC) $(BOARD_SRC) >$@.$$$$; \
	cmp -s $@.$$$$ $@ && rm -f $@.$$$$ || mv -f $@.$$$$ $@

$(BUILD)/gen/%.c: FORCE
	$(Q)scripts/gen-table $* $@

$(BUILD)/obj/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(compile)

$(BUILD)/obj/gen/%.o: $(BUILD)/gen/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(compile)

$(BUILD)/obj/src/base/%.o $(BUILD)/obj/src/cli/%.o $(BUILD)/obj/src/sim/%.o: EXTRA = -DGH_VERSION='"$(VERSION)"'
$(BUILD)/obj/src/ui/%.o: EXTRA = -DNCURSES_WIDECHAR=1
# A migration is one string, longer than the 4095 bytes C11 promises.
$(BUILD)/obj/gen/migrations.o: EXTRA = -Wno-overlength-strings
$(BUILD)/obj/tests/%.o: EXTRA = -I. -Itests -DGH_VERSION='"$(VERSION)"'
$(BUILD)/obj/tests/boards/%.o $(BUILD)/obj/tests/avr/%.o $(BUILD)/obj/tests/bench/%.o: EXTRA = -I. -Itests $(BOARD_INC) -DGH_VERSION='"$(VERSION)"'

$(BUILD)/libghostlight.a: $(LIB_OBJ) $(BUILD)/objects
$(BUILD)/libsim.a: $(SIM_OBJ) $(BUILD)/objects
$(BUILD)/libfakes.a: $(call obj,$(FAKE_SRC)) $(BUILD)/objects
$(BUILD)/libboards.a: $(call obj,$(BOARD_SRC)) $(BUILD)/objects
$(BUILD)/%.a:
	$(call say,AR,$@)
	$(Q)rm -f $@; $(AR) rcsD $@ $(filter %.o,$^)

$(BUILD)/ghostlight: $(call obj,$(MAIN_SRC)) $(BUILD)/libghostlight.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(LINK) -o $@ $^ $(LIB_LD)

$(BUILD)/ghostlight-sim: $(call obj,$(SIM_MAIN)) $(SIM_OBJ) $(SIM_BASE_OBJ)
	$(call say,LINK,$@)
	$(Q)$(CC) $(LINK) -o $@ $^ $(SIM_LD)

TEST_LIBS := $(BUILD)/libfakes.a $(BUILD)/libsim.a $(BUILD)/libghostlight.a
group	= -Wl,--start-group $(filter %.a,$^) -Wl,--end-group

$(BUILD)/tests/%: $(BUILD)/obj/tests/%.o $(TEST_LIBS)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $(LINK) -o $@ $(filter %.o,$^) $(group) $(TEST_LD) $(LIB_LD)

.SECONDEXPANSION:
BOARD_LIB := $(if $(HAVE_BOARD),$(BUILD)/libboards.a)
$(AVR_BIN): $(BOARD_LIB)
$(AVR_BIN): TEST_LD += $(BOARD_LD)
$(BENCH_BIN): $(BUILD)/bench/%: $$(call obj,$$(wildcard tests/bench/%/*.c)) $(TEST_LIBS) $(BOARD_LIB)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $(LINK) -o $@ $(filter %.o,$^) $(group) $(BOARD_LD) $(TEST_LD) $(LIB_LD)

$(USB_BOARD): $(call obj,$(wildcard tests/usb/*.c)) $(SIM_OBJ) $(SIM_BASE_OBJ)
	$(call say,LINK,$@)
	$(Q)$(CC) $(LINK) -o $@ $^ $(SIM_LD)

$(BUILD)/tests/oom/failing_malloc.so: tests/oom/failing_malloc.c
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) -std=c11 -O2 -g -fPIC -shared $(WARN) $(STRICT) -o $@ $<

# The EEPROM image gets its CRC after linking; avr-gcc keeps it in a section.
$(AVR_ELF): $(BUILD)/firmware/%.elf: $(AVR_SRC) $(wildcard src/firmware/*/*.h) \
		scripts/seal-eeprom Makefile
	@mkdir -p $(@D)
	$(call say,AVR,$@)
	$(Q)avr-gcc $(AVR_$*) $(AVR_FLAGS) $(STRICT) -o $@ $(AVR_SRC)
	$(Q)avr-objcopy -O binary -j .eeprom --change-section-lma .eeprom=0 $@ $@.raw
	$(Q)scripts/seal-eeprom $@.raw $@.sealed $(AVR_ID_$*)
	$(Q)avr-objcopy --update-section .eeprom=$@.sealed $@
	$(Q)avr-objcopy -O ihex -R .eeprom $@ $(@:.elf=.hex)
	$(Q)avr-objcopy -O ihex -I binary $@.sealed $(@:.elf=.eep.hex)
	$(Q)rm -f $@.raw $@.sealed

$(CORTEX_ELF): $(BUILD)/firmware/%.elf: $(CORTEX_SRC) tests/cortex/%.c tests/cortex/cortex.ld \
		$(wildcard src/firmware/core/*.h tests/cortex/*.h)
	@mkdir -p $(@D)
	$(call say,ARM,$@)
	$(Q)arm-none-eabi-gcc $(CORTEX_$*) -mthumb -ffreestanding -nostdlib -Os -g -std=c11 $(WARN) \
		$(STRICT) -fno-tree-loop-distribute-patterns -DFW_ACTUATORS=3 -DFW_CHANNELS=8 \
		-Isrc -Itests/cortex -ffunction-sections -fdata-sections -Wl,--gc-sections \
		-T tests/cortex/cortex.ld -o $@ $(filter %.c,$^) -lgcc

.SECONDARY:
-include $(shell test -d $(BUILD)/obj && find $(BUILD)/obj -name '*.d')

# ---- Use and check ---------------------------------------------------------

JOBS	:= $(shell nproc 2>/dev/null || echo 2)
AGAIN	= $(MAKE) --no-print-directory $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j$(JOBS))
export GH_BUILD := $(abspath $(BUILD))
RUN	:= scripts/run-tests $(if $(T),--only "$(T)")

.PHONY: demo test test-usb test-quick test-build golden bench bench-uno bench-worlds bench-faults bench-build soak soak-short
demo: ## simulated Lumina: baseline, healthy check, two faults found
	$(Q)scripts/install-deps build
	$(Q)$(AGAIN) all
	$(Q)scripts/demo

test: ## install what tests need, build, run every test
	$(Q)scripts/install-deps test
	$(Q)$(AGAIN) test-quick

# A preloaded malloc and a sanitizer's would be in each other's way.
FAILING_MALLOC := $(if $(SAN),,$(BUILD)/tests/oom/failing_malloc.so)

test-build: all $(FAILING_MALLOC) $(UNIT_BIN) $(FUZZ_BIN) $(BENCH_BIN) $(USB_BOARD) $(AVR_ELF) $(AVR_BIN) $(CORTEX_ELF)

test-quick: test-build ## the same without looking for packages
	$(Q)$(RUN) $(UNIT_BIN) $(FUZZ_BIN) $(AVR_RUN) $(CLI_TESTS) scripts/avr-size

golden: ## rewrite the golden files from what is drawn now; review as a diff
	$(Q)scripts/install-deps test
	$(Q)$(AGAIN) test-build
	$(Q)GH_UPDATE_GOLDEN=1 $(RUN) $(UNIT_BIN) $(CLI_TESTS)

bench-build: all $(BENCH_BIN) $(AVR_ELF) $(AVR_BIN)

# All of them run, whatever the first one says. Ten checks of a minute each:
# GH_BENCH_RUNS=1 GH_BENCH_SECONDS=10 make bench is done in two minutes.
bench: ## performance figures, with peers side by side (12 min)
	$(Q)scripts/install-deps test
	$(Q)$(AGAIN) bench-build
	$(Q)begun=$$(date +%s); bad=; for b in $(BENCH_RUN); do \
		printf '# %s\n' "$$b"; "$$b" || bad="$$bad $${b##*/}"; done; \
	printf 'bench: %d s, failed:%s\n' $$(($$(date +%s) - begun)) "$${bad:- none}"; \
	test -z "$$bad"

bench-uno: ## StandardFirmata on an emulated Uno, driven by ghostlight (3 min)
	$(Q)scripts/install-deps test
	$(Q)$(AGAIN) bench-build
	$(Q)scripts/run-tests tests/cli/test_bench_uno.py

# Seeds are drawn; GH_WORLDS_SEEDS=3 make bench-worlds is done in six minutes.
bench-worlds: ## simulator and emulated boards side by side (30 min)
	$(Q)scripts/install-deps test
	$(Q)$(AGAIN) bench-build
	$(Q)tests/bench/worlds/compare.py

# GH_FAULTS_SEEDS=2 make bench-faults is done in a few minutes.
bench-faults: ## every fault against its diagnosis, 20 individuals (2 h)
	$(Q)scripts/install-deps test
	$(Q)$(AGAIN) bench-build
	$(Q)tests/bench/faults/faults.py

test-usb: ## ghostlight on Debian's kernel in QEMU, real USB devices (2 min)
	$(Q)scripts/install-deps test
	$(Q)$(AGAIN) all $(USB_BOARD)
	$(Q)scripts/run-tests tests/cli/test_usb.py
	$(Q)cat $(BUILD)/usb/figures 2>/dev/null || true

# clang's own search beside the drawn mutations of every test run; what it
# learns stays in $(BUILD)/fuzz/new. No engine or screen is needed.
FUZZ_SECONDS ?= 60
FUZZ_MAKE = $(AGAIN) CC=clang BUILD=$(BUILD)/fuzz LAYERS="base rig link driver judge store" \
	SAN=fuzzer-no-link,address,undefined LDFLAGS=-fsanitize=fuzzer \
	DEV= CPPFLAGS=-Wno-format-nonliteral
FUZZ_NAMES := $(patsubst tests/fuzz/%.c,%,$(FUZZ_SRC))

.PHONY: fuzz fuzz-build soak-build watched-build
fuzz-build: $(FUZZ_BIN)

fuzz: ## libFuzzer, ASan and UBSan on every parser (FUZZ_SECONDS=60 each)
	$(Q)scripts/install-deps test
	$(Q)command -v clang >/dev/null || { echo 'clang is missing: apt install clang'; exit 1; }
	+$(Q)$(FUZZ_MAKE) fuzz-build
	$(Q)for f in $(FUZZ_NAMES); do mkdir -p $(BUILD)/fuzz/new/$$f; \
		$(BUILD)/fuzz/tests/fuzz/$$f -max_total_time=$(FUZZ_SECONDS) -timeout=10 \
		-print_final_stats=1 -verbosity=0 -artifact_prefix=$(BUILD)/fuzz/crash-$$f- \
		$(BUILD)/fuzz/new/$$f tests/fuzz/corpus/$$f || exit 1; done

# With sanitizers: the fuzz targets once more, and random keys. 5e6 executions
# of each parser take hours even so.
WATCHED_MAKE = $(AGAIN) BUILD=$(BUILD)/watched SAN_LEVEL=-O1 DEV= \
	LAYERS="base rig link driver measure judge store engine report ui" \
	SAN=address,undefined,float-cast-overflow watched-build

watched-build: $(FUZZ_BIN) $(BUILD)/tests/unit/test_ui_random

soak-build: test-build
	+$(Q)$(WATCHED_MAKE)

soak-short: ## power cuts, kills, faults, fuzz: what must hold (10 min)
	$(Q)scripts/install-deps test
	$(Q)$(AGAIN) soak-build
	$(Q)tests/soak/soak.py short $(T)

soak: ## the same in full (a night); goes on where it was, FRESH=1: anew
	$(Q)scripts/install-deps test
	$(Q)$(AGAIN) soak-build
	$(Q)tests/soak/soak.py whole $(T)

.PHONY: coverage mutants mutants-run
coverage: ## branch coverage of what must not fail, against its floors (3 min)
	$(Q)scripts/install-deps test
	$(Q)scripts/coverage $(BUILD)/coverage

# -fPIC: a mutant is a library of its own. EVERY=10 takes a tenth of them.
MUTANT_TESTS := $(wildcard tests/unit/test_firmware_*.c tests/unit/test_run_envelope.c)
mutants: ## is each change of safety envelope and watchdog noticed? (8 min)
	$(Q)scripts/install-deps test
	$(Q)$(AGAIN) BUILD=$(BUILD)/mutants CFLAGS='-O1 -g -fPIC' HARDEN= HARDEN_LD= DEV= mutants-run

mutants-run: $(LIB_OBJ) $(SIM_OBJ) $(call obj,$(FAKE_SRC) $(MUTANT_TESTS))
	$(Q)COMPILE='$(CC) $(FLAGS)' LIBS='$(TEST_LD) $(LIB_LD)' \
		scripts/mutants $(if $(EVERY),--every $(EVERY)) $(BUILD)

.PHONY: avr-size
avr-size: ## flash and RAM of the firmware core on its two boards
	$(Q)scripts/avr-size

CHECKED	:= $(wildcard src/*/*.[ch] src/*/*/*.[ch] src/*/*/*/*.[ch] probes/*.[ch] \
	tests/*/*.[ch] tests/*/*/*.[ch])
# avr/ needs the headers of another machine; avr-size compiles the core for it.
HOSTED	:= $(filter-out src/firmware/avr/%,$(filter src/% probes/%,$(CHECKED)))
TIDY	:= $(filter %.c,$(HOSTED))

.PHONY: lint lint-all lint-build lint-format lint-layers lint-size lint-scripts lint-headers \
	lint-waits lint-cppcheck lint-tidy format
lint: ## install the checkers and run them all
	$(Q)scripts/install-deps lint
	$(Q)$(AGAIN) -k BUILD=$(BUILD)/lint DEV=1 lint-all
	@echo 'lint: clean'

lint-all: lint-build lint-format lint-layers lint-size lint-scripts lint-headers lint-waits \
	lint-cppcheck lint-tidy

lint-build: all $(UNIT_BIN) $(FUZZ_BIN)

lint-format: ## layout of the code, by clang-format
	$(Q)scripts/format --check $(CHECKED)

format: ## bring the code into that layout
	$(Q)scripts/format $(CHECKED)

lint-layers: ## who may include whom
	$(Q)scripts/check-layers.sh

lint-size: ## no function over 60 lines, no file over 500
	$(Q)scripts/check-size.sh $(CHECKED)

lint-scripts: ## Python and shell, by pyflakes and shellcheck
	$(Q)pyflakes3 $(wildcard tests/*/*.py tests/*/*/*.py) \
		$$(grep -lE '^#!.*python3$$' scripts/* -d skip)
	$(Q)shellcheck -S warning $$(grep -lE '^#!.*sh$$' scripts/* tests/*/* .ci/run -d skip)

lint-headers: ## every header compiles alone
	$(Q)printf '%s\n' $(filter %.h,$(HOSTED)) | xargs -r -P$(JOBS) -I{} \
		$(CC) $(FLAGS) -Werror -DNCURSES_WIDECHAR=1 -fsyntax-only -x c {}

lint-waits: $(LIB_OBJ) $(SIM_OBJ) $(call obj,$(wildcard $(MAIN_SRC) $(SIM_MAIN))) ## only the clock waits
	$(Q)NM=$(NM) scripts/check-waits.sh $(BUILD)/obj $^

lint-cppcheck:
	$(Q)cppcheck -q -j$(JOBS) --std=c11 --library=posix --library=scripts/cppcheck.cfg \
		--enable=warning,performance,portability --inline-suppr \
		--error-exitcode=1 -Isrc -isrc/firmware/avr $(wildcard src probes)

# One file at a time: with several the analyzer takes va_start for missing.
lint-tidy:
	$(Q)printf '%s\n' $(TIDY) | xargs -r -P$(JOBS) -n1 scripts/tidy \
		$(STD) -Isrc $(LIB_INC) -DNCURSES_WIDECHAR=1 -DGH_VERSION='"$(VERSION)"'

# ---- Install, grow, tidy up ------------------------------------------------

.PHONY: install uninstall install-deps new-probe new-driver clean distclean help
INST	:= install -D
RIGS	:= $(wildcard schemas/*.rig schemas/*.json schemas/*.txt)
RULES	:= $(wildcard scripts/udev/*.rules)
MAN1	:= $(BUILD)/ghostlight.1
# Where each shell looks, and the file's name there.
SHELLS	:= bash:bash-completion/completions/ghostlight \
	zsh:zsh/site-functions/_ghostlight fish:fish/vendor_completions.d/ghostlight.fish

# Page and completions say what the program says of itself.
$(MAN1): $(BUILD)/ghostlight scripts/gen-man scripts/ghostlight.1.in
	$(call say,MAN,$@)
	$(Q)scripts/gen-man $< $@

install: all $(MAN1) ## install below $(DESTDIR)$(PREFIX)
	$(Q)for f in $(PROGRAMS); do \
		$(INST) -m 755 $$f "$(DESTDIR)$(BINDIR)/$${f##*/}" || exit 1; done
	$(Q)for f in $(RIGS); do \
		$(INST) -m 644 $$f "$(DESTDIR)$(DATADIR)/ghostlight/$${f##*/}" || exit 1; done
	$(Q)$(INST) -m 644 $(MAN1) "$(DESTDIR)$(MANDIR)/man1/ghostlight.1"
	$(Q)for f in $(RULES); do \
		$(INST) -m 644 $$f "$(DESTDIR)$(UDEVDIR)/$${f##*/}" || exit 1; done
	$(if $(filter $(addsuffix /udev/rules.d,/etc /run /usr/local/lib /usr/lib /lib),$(UDEVDIR)),,@echo 'udev does not read $(UDEVDIR): UDEVDIR=/etc/udev/rules.d does')
	$(Q)for s in $(SHELLS); do \
		$(BUILD)/ghostlight completion "$${s%%:*}" >$(BUILD)/completion && \
		$(INST) -m 644 $(BUILD)/completion "$(DESTDIR)$(DATADIR)/$${s#*:}" || exit 1; done

uninstall: ## remove what install put there
	$(Q)rm -f "$(DESTDIR)$(BINDIR)/ghostlight" "$(DESTDIR)$(BINDIR)/ghostlight-sim"
	$(Q)rm -rf "$(DESTDIR)$(DATADIR)/ghostlight"
	$(Q)rm -f "$(DESTDIR)$(MANDIR)/man1/ghostlight.1"
	$(Q)for f in $(RULES); do rm -f "$(DESTDIR)$(UDEVDIR)/$${f##*/}"; done
	$(Q)for s in $(SHELLS); do rm -f "$(DESTDIR)$(DATADIR)/$${s#*:}"; done

install-deps: ## install the packages a build needs
	$(Q)scripts/install-deps build

new-probe: ## NAME=x: start probes/x.c from a template that passes
	$(Q)scripts/new-probe "$(NAME)"

new-driver: ## NAME=x: start src/driver/x.c from a template that passes
	$(Q)scripts/new-driver "$(NAME)"

clean: ## remove what was built
	$(Q)rm -rf $(BUILD)

distclean: ## remove every build folder
	$(Q)rm -rf build

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' Makefile
	@sed -n '/^#   [A-Z]*=/s/^# //p' Makefile
