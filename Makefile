# Yuebao 月报. `make` alone lists the targets.
PYTHON ?= python3
BIN := .venv/bin
MONTH ?=
PERIOD ?=
WEEK ?=
MANAGER ?=
SETUP := .venv/.ready
# What is compiled is kept, whatever the environment says: to compile all of it anew is a tenth of the tests' time.
TESTS := PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -q -n auto --dist worksteal

.PHONY: help setup demo monthly period schedule status send templates test check lint types shape bench soak pictures clean

help: ## List the targets 列出全部命令
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: $(SETUP) ## Make .venv from the lock file 准备环境

$(SETUP): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $(SETUP)

demo: setup ## Make a sample organisation and run its months 生成示例并编制月报
	rm -rf demo
	$(BIN)/yuebao demo --home demo --managers 6 --months 18 --story
	$(BIN)/yuebao monthly --home demo
	$(BIN)/yuebao schedule --home demo --week 2024-W27

monthly: setup ## Take in inbox/ and write output/ 收取报表并编制工作簿 (MONTH=2024-06)
	$(BIN)/yuebao monthly $(if $(MONTH),--month $(MONTH))

period: setup ## The workbooks of a quarter, half-year or year 季度、半年、年度 (PERIOD=2024-Q2)
	$(BIN)/yuebao period $(PERIOD)

schedule: setup ## Next week's visit schedules and sign-in books 客户访问日程表 (WEEK=2024-W27 MANAGER=M001)
	$(BIN)/yuebao schedule $(if $(WEEK),--week $(WEEK)) $(if $(MANAGER),--manager $(MANAGER))

status: setup ## Who has sent what 上报情况 (MONTH=2024-06)
	$(BIN)/yuebao status $(if $(MONTH),--month $(MONTH))

send: setup ## List the letters; SEND=1 sends them 列出或寄送信件 (MONTH=2024-06 or PERIOD=2024-Q2)
	$(BIN)/yuebao send $(if $(MONTH),--month $(MONTH)) $(if $(PERIOD),--period $(PERIOD)) $(if $(SEND),--send)

templates: setup ## Write the blank forms and the data dictionary 生成空白模板
	$(BIN)/python -m pipeline.trades

test: setup ## The ordinary tests, under two minutes 常规测试
	$(TESTS) -m "not slow"

check: setup lint types ## Lint, types and all tests 全部检查
	$(TESTS)

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup
	$(BIN)/mypy

shape: setup ## Floors of the house, lengths, docstrings 代码结构
	$(BIN)/python tests/house/shape.py

bench: setup ## Measure speed and memory 性能测试
	$(BIN)/python -m benchmarks

pictures: setup ## Pictures of demo workbooks for the README (needs LibreOffice) 生成示例图片
	$(BIN)/python docs/make_pictures.py demo

soak: setup ## Kill runs and feed faulty files for an hour or two 压力测试
	$(BIN)/python -m tests.soak 300 3000

clean: ## Remove the environment and the demo 清理
	rm -rf .venv demo .mypy_cache .pytest_cache .ruff_cache .hypothesis build *.egg-info
