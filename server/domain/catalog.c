/* The catalogue of this side: its tables and look-ups are instantiated here, once. */
#include "verifleet/catalog_tables.h"
