"""Tests of the package. tests/e2e/python.sh runs them with MOMU_LIBRARY, MOMU_MODEL (a tiny model) and MOMU_COMMAND, for both back ends."""
