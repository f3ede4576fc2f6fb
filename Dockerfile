FROM python:3.11-slim

# LOGIN=1 adds what st.login needs, POSTGRES=1 what VECTUNE_DATABASE=postgresql://… needs, CLUSTER=1 what
# VECTUNE_SCHEDULER=tcp://… needs as well, STORE=s3fs what VECTUNE_STORE=s3://… needs; see README, Deploy.
ARG LOGIN=0
ARG POSTGRES=0
ARG CLUSTER=0
ARG STORE=

# Hugging Face Spaces runs images as user 1000.
RUN useradd --create-home --uid 1000 vectune \
    && install -d -o vectune -g vectune /app /data /data/cache /data/vectors
WORKDIR /app
COPY requirements.txt requirements-cluster.txt ./
RUN pip install --no-cache-dir -r requirements.txt \
    && if [ "$LOGIN" = 1 ]; then pip install --no-cache-dir -c requirements.txt "streamlit[auth]"; fi \
    && if [ "$POSTGRES" = 1 ]; then pip install --no-cache-dir -c requirements.txt "psycopg[binary]"; fi \
    && if [ "$CLUSTER" = 1 ]; then pip install --no-cache-dir -r requirements-cluster.txt; fi \
    && if [ -n "$STORE" ]; then pip install --no-cache-dir -c requirements-cluster.txt "$STORE"; fi
COPY --chown=vectune:vectune . .
USER vectune

ENV STREAMLIT_SERVER_ADDRESS=0.0.0.0 \
    STREAMLIT_SERVER_PORT=8501 \
    VECTUNE_CACHE=/data/cache \
    VECTUNE_VECTORS=/data/vectors \
    PYTHONUNBUFFERED=1
VOLUME /data
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]
CMD ["streamlit", "run", "app.py"]
