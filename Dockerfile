# One image for web, worker and commands: "oryn serve", "oryn worker", "oryn migrate", …
FROM python:3.11.13-slim-bookworm AS built
WORKDIR /opt/oryn
COPY deploy/requirements.lock .
RUN python -m venv .venv && .venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY . .
# without bytecode, in a folder that nobody may write to, each start would take ten seconds longer
RUN for po in locales/*/LC_MESSAGES/*.po; do .venv/bin/pybabel --quiet compile -i "$po" -o "${po%.po}.mo"; done \
 && .venv/bin/python -m compileall -q .venv bot core documents locales seed webhook.py

FROM python:3.11.13-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home oryn
WORKDIR /opt/oryn
COPY --from=built /opt/oryn /opt/oryn
USER oryn
ENV PATH=/opt/oryn/.venv/bin:$PATH PYTHONUNBUFFERED=1 HTTP_HOST=0.0.0.0 HTTP_PORT=8080
ENTRYPOINT ["python", "-m", "bot"]
CMD ["serve"]
