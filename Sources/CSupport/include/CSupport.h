#ifndef WEIR_CSUPPORT_H
#define WEIR_CSUPPORT_H
#endif
