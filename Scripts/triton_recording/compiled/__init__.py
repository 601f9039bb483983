"""Records a launch from its compiled kernel.

`compiling` compiles the kernel for a GPU, without one. `ptx` reads the PTX and finds the instructions that decide
addresses and branches. `machine` executes those for many blocks at once. `patterns` describes which bytes a warp
touches. `locks` finds the locks that blocks take and give back. `sass` reads the machine code. `plan` joins it with the
PTX. `blocks` makes the programs of a trace.
"""
