# One image for web, worker and commands: "oryn serve", "oryn worker", "oryn migrate", …
FROM python:3.11.13-slim-bookworm AS built
WORKDIR /opt/oryn
COPY requirements.lock pyproject.toml README.md LICENSE ./
RUN python -m venv .venv && .venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY . .
RUN .venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation -e . \
 && for po in locales/*/LC_MESSAGES/*.po; do .venv/bin/pybabel --quiet compile -i "$po" -o "${po%.po}.mo"; done \
 && .venv/bin/python -m compileall -q .venv bot core documents locales seed webhook.py

FROM python:3.11.13-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home oryn
WORKDIR /opt/oryn
COPY --from=built /opt/oryn /opt/oryn
USER oryn
ENV PATH=/opt/oryn/.venv/bin:$PATH PYTHONUNBUFFERED=1 HTTP_HOST=0.0.0.0 HTTP_PORT=8080
ENTRYPOINT ["oryn"]
CMD ["serve"]
