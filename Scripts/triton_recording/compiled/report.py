"""Shows what the compiler decided about each launch, and what Weir predicts for it."""

import os
import subprocess
import sys

COLUMNS = (
    ("kernel", "kernel"),
    ("blocks", "blocks"),
    ("warps", "warps"),
    ("registers", "registers"),
    ("shared_bytes", "shared B"),
    ("spill_instructions", "spills"),
    ("async_copies", "copies"),
    ("bulk_copies", "TMA"),
    ("groups_in_flight", "in flight"),
    ("tensor_instructions", "tensor"),
)


def table(decisions):
    """The decisions as text: launches that are alike are one row with their count."""
    rows = {}
    for one in decisions:
        key = tuple(str(one[name]) for name, _ in COLUMNS)
        rows[key] = rows.get(key, 0) + 1
    lines = [[title for _, title in COLUMNS] + ["launches"]] + [[*key, str(count)] for key, count in rows.items()]
    widths = [max(len(line[place]) for line in lines) for place in range(len(lines[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths))
        ).rstrip()
        for line in lines
    )


def show(decisions, trace):
    """Prints the decisions, then the table of `weir replay`. WEIR names the command; Scripts/weir unless given."""
    if decisions:
        print(
            "What the compiler decided. Copies are asynchronous copies in the code. In flight are the groups of\n"
            "copies that a wait leaves on their way."
        )
        print(table(decisions), flush=True)
        print()
    top = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    weir = os.environ.get("WEIR", os.path.join(top, "weir"))
    try:
        done = subprocess.run([weir, "replay", trace, "--machine", "h200", "--quiet"])
    except OSError as error:
        sys.exit(f"record_triton: {weir} does not run ({error.strerror}); name the command in WEIR")
    if done.returncode:
        sys.exit(done.returncode)
