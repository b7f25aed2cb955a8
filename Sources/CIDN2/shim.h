// libidn2: UTS 46 and IDNA2008 conversion of user input. Imported by AssayModel alone.
#ifndef CIDN2_SHIM_H
#define CIDN2_SHIM_H
#include <idn2.h>
#endif
