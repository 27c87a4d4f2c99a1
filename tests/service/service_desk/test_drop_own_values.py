"""OwnFieldDeleted is heard here: of no kind of record anything is left of the field (users 6)."""

from __future__ import annotations

import pytest

from tests.factories.samples import Samples
from tests.own_fields import kinds_of_record, leaves_no_trace


@pytest.mark.parametrize("entity", kinds_of_record("service_desk"))
def test_a_deleted_field_leaves_no_trace(desk, entity: str):
    leaves_no_trace(Samples(desk("service_desk")), entity)
