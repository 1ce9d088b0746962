from catalog.services.importing.jobs import (
    KEPT,
    ImportOver,
    ImportRunning,
    cancel_import,
    carry_out,
    delete_old_imports,
    run_import,
    start_import,
    unattended_imports,
)

__all__ = [
    "KEPT",
    "ImportOver",
    "ImportRunning",
    "cancel_import",
    "carry_out",
    "delete_old_imports",
    "run_import",
    "start_import",
    "unattended_imports",
]
