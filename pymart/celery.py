"""The Celery application: settings come from Django, tasks from each app's `tasks.py`."""

import os
from contextlib import ExitStack
from typing import Any

from celery import Celery, Task, signals

from pymart.common import logs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pymart.settings")

app = Celery("pymart")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.before_task_publish.connect
def tell_whose(headers: dict[str, Any], **_message: Any) -> None:
    """A task's lines in the log belong to the request that sent it."""
    headers[logs.HEADER] = logs.context()


@signals.task_prerun.connect
def remember_whose(task: Task, task_id: str, **_call: Any) -> None:
    sender = (task.request.headers or {}).get(logs.HEADER) or {}  # which may be a task itself
    stack = ExitStack()
    stack.enter_context(logs.bound(**{**sender, "task": task.name, "task_id": task_id}))
    task.request.log_context_of_task = stack


@signals.task_postrun.connect
def forget_whose(task: Task, **_call: Any) -> None:
    if stack := task.request.get("log_context_of_task"):
        stack.close()
